import Contracts
import ServiceLifecycle
import ServiceRuntime

extension DecisionService {
    /// Requests decided at a time. The work is a few microseconds: this many keep the confirms of their outputs on the
    /// way together.
    static let concurrency = 64

    /// Wires the service, and runs it until it is told to stop.
    static func run() async -> Never {
        await ServiceProcess.run("decision", configure: { DecisionConfiguration(&$0) }, services: services)
    }

    private static func services(
        _ configuration: DecisionConfiguration, _ context: ServiceContext
    ) async throws -> [any Service] {
        guard let coverage = configuration.coverage else { throw FileProblems(["coverage.file was not read"]) }
        let handler = DecisionHandler(coverage: { coverage.value })
        return [coverage, context.stage(.decision, handler: handler, concurrency: concurrency)]
    }
}
