import Contracts
import ServiceLifecycle
import ServiceRuntime

extension CallbackService {
    /// Wires the service, and runs it until it is told to stop.
    static func run() async -> Never {
        await ServiceProcess.run("callback", configure: { CallbackConfiguration(from: &$0) }, services: services)
    }

    /// The order is the order of dependence: the stage stops first, then the client that it uses.
    private static func services(
        _ configuration: CallbackConfiguration, _ context: ServiceContext
    ) async throws -> [any Service] {
        // Without a good file the process has ended before it comes here.
        guard let partners = configuration.partners else { throw FileProblems(["the callbacks file was not read"]) }
        let largest = partners.value.byID.values.compactMap(\.concurrency).max() ?? 0
        let client = PartnerClient(connectionsPerPartner: max(largest, configuration.concurrency))
        let handler = CallbackHandler(partners: { partners.value }, client: client)
        let dispatch = CallbackDispatch(
            partners: partners, concurrency: configuration.concurrency, topology: context.topology,
            logger: context.logger, declare: { await context.declare($0) }
        ) { lane in
            context.stage(
                .callback, queue: lane.queue, handler: handler, concurrency: lane.concurrency,
                policy: configuration.policy, endpoint: lane.endpoint)
        }
        // One who is away is no reason to take the process out of service.
        context.health.addReadinessCheck("partners", counts: false) {
            let degraded = dispatch.degraded
            return degraded.isEmpty ? nil : "degraded: \(degraded.joined(separator: ", "))"
        }
        return [partners, client, dispatch]
    }
}
