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
        guard let partners = configuration.partners, let newest = configuration.newest else {
            throw FileProblems(["the callbacks file was not read, or the state was not opened"])
        }
        let client = PartnerClient(connectionsPerPartner: configuration.concurrency)
        let handler = CallbackHandler(partners: { partners.value }, client: client, newest: newest)
        context.admin.add { group in
            ProviderController(partners: { partners.value }, client: client).register(on: group)
        }
        return [
            partners,
            client,
            context.stage(
                .callback, handler: handler, concurrency: configuration.concurrency, policy: configuration.policy),
        ]
    }
}
