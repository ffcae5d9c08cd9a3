import Contracts
import Logging
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
        guard let partners = configuration.partners else {
            throw FileProblems(["the callbacks file was not read"])
        }
        let newest = try configuration.state.opened()
        let pauses = try await CallbackPauses(newest, logger: context.logger)
        let secrets = try await RotatedSecrets(newest, logger: context.logger)
        let client = PartnerClient(connectionsPerPartner: configuration.concurrency)
        let organizations = PartnerOrganizations()
        let handler = CallbackHandler(
            partners: { secrets.applied(to: partners.value) }, client: client, newest: newest,
            organizations: organizations)
        let dispatch = CallbackDispatch(
            partners: partners, concurrency: configuration.concurrency, topology: context.topology,
            organizations: organizations, logger: context.logger, declare: { await context.declare($0) }
        ) { lane in
            if let recipient = lane.recipient {
                return context.stage(
                    .callback, queue: lane.queue,
                    handler: AlertHandler(
                        name: recipient, recipients: { partners.value.recipients }, client: client, state: newest),
                    concurrency: lane.concurrency, policy: AlertHandler.policy,
                    gates: lane.endpoint.map { [$0] } ?? [], recipient: recipient,
                    metadata: ["recipient": "\(recipient)"])
            }
            let loop: @Sendable () -> any Service = {
                context.stage(
                    .callback, queue: lane.queue, handler: handler, concurrency: lane.concurrency,
                    policy: configuration.policy, gates: lane.endpoint.map { [$0] } ?? [],
                    metadata: lane.endpoint.map { ["provider": "\($0.provider)"] } ?? [:])
            }
            guard let provider = lane.endpoint?.provider else { return loop() }
            return PausableLoop(provider: provider, pauses: pauses, loop: loop)
        }
        let providers = ProviderController(
            partners: { secrets.applied(to: partners.value) }, client: client, pauses: pauses, secrets: secrets,
            logger: context.logger
        ) { provider in
            dispatch.endpoint(of: provider).map { $0.degradedSince == nil ? "closed" : "open" }
        }
        context.admin.add { providers.register(on: $0) }
        // One who is away is no reason to take the process out of service.
        context.health.addReadinessCheck("partners", counts: false) {
            let degraded = dispatch.degraded
            let paused = pauses.all.map(\.provider)
            let parts = [("degraded", degraded), ("paused", paused)].filter { !$0.1.isEmpty }
            return parts.isEmpty ? nil : parts.map { "\($0): \($1.joined(separator: ", "))" }.joined(separator: "; ")
        }
        return [partners, client, pauses, secrets, dispatch]
    }
}
