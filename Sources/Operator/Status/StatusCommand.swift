import AdminAPI
import ArgumentParser
import Contracts
import DeadLetters
import Foundation
import Terminal

/// `intake status`
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show on one screen how the system is, and what needs a person.",
        discussion: """
            Asks the four admin listeners for readiness and metrics, and the broker for its queues. Exits 0 when \
            nothing needs a person, 1 when something does, or could not be asked.
            """)

    @Option(help: "IngestService's admin listener. (default: $INTAKE_INGEST_ADMIN_URL, else http://127.0.0.1:8081)")
    var ingestUrl: String?
    @Option(help: "GeocodeService's. (default: $INTAKE_GEOCODE_ADMIN_URL, else http://127.0.0.1:8082)")
    var geocodeUrl: String?
    @Option(help: "DecisionService's. (default: $INTAKE_DECISION_ADMIN_URL, else http://127.0.0.1:8083)")
    var decisionUrl: String?
    @Option(help: "CallbackService's. (default: $INTAKE_CALLBACK_ADMIN_URL, else http://127.0.0.1:8084)")
    var callbackUrl: String?
    @Option(help: "The token of all of them. (default: $INTAKE_ADMIN_TOKEN, or the file of $INTAKE_ADMIN_TOKEN_FILE)")
    var adminToken: String?

    @Flag(help: "Print the findings as JSON.")
    var json = false

    @OptionGroup var broker: BrokerOptions

    func run() async throws {
        let status = await SystemStatus.ask(try listeners(), try broker.target())
        try Output.write(json ? .json(status) : .text(status.lines.joined(separator: "\n") + "\n"))
        guard status.needs.isEmpty else { throw ExitCode(1) }
    }

    /// - Throws: `CommandError` when a URL is none, or the token's file cannot be used.
    func listeners(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandError) -> [(service: String, api: ServiceAdmin)] {
        let urls = [ingestUrl, geocodeUrl, decisionUrl, callbackUrl]
        var listeners: [(service: String, api: ServiceAdmin)] = []
        for (service, url) in zip([AdminService.ingest, .geocode, .decision, .callback], urls) {
            let option = "--\(service.rawValue)-url"
            listeners += try ServiceAdmin.all(service, at: url, option: option, token: adminToken, environment)
                .map { (service.rawValue, $0) }
        }
        return listeners
    }
}
