import ArgumentParser
import Foundation
import Terminal

/// `intake coverage`: what is covered, and what another coverage would change.
struct CoverageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage", abstract: "Try a change of the coverage on past requests, and draw what is covered.",
        subcommands: [CoverageDiff.self, CoverageMapCommand.self])
}

/// How to reach the two services that know of places: IngestService has the requests, DecisionService the coverage.
struct CoverageServices: ParsableArguments {
    // Where `deploy/up` puts them.
    private static let ingestURL = "http://127.0.0.1:8081"
    private static let decisionURL = "http://127.0.0.1:8083"

    @Option(
        help: "Where IngestService's admin listener is. (default: $INTAKE_INGEST_ADMIN_URL, else \(Self.ingestURL))")
    var ingestUrl: String?

    @Option(
        help:
            "Where DecisionService's admin listener is. (default: $INTAKE_DECISION_ADMIN_URL, else \(Self.decisionURL))"
    )
    var decisionUrl: String?

    @Option(help: "Their token. (default: $INTAKE_ADMIN_TOKEN, or the file that $INTAKE_ADMIN_TOKEN_FILE names)")
    var adminToken: String?

    func ingest() throws(CommandError) -> AdminAPI {
        try api(ingestUrl, "--ingest-url", "INTAKE_INGEST_ADMIN_URL", Self.ingestURL, "IngestService")
    }

    func decision() throws(CommandError) -> AdminAPI {
        try api(decisionUrl, "--decision-url", "INTAKE_DECISION_ADMIN_URL", Self.decisionURL, "DecisionService")
    }

    private func api(
        _ given: String?, _ option: String, _ variable: String, _ standard: String, _ service: String
    ) throws(CommandError) -> AdminAPI {
        let environment = ProcessInfo.processInfo.environment
        let url = given ?? environment[variable] ?? standard
        try AdminURL.check(url, option: option, example: standard)
        let token =
            if let adminToken { adminToken } else { try EnvironmentSecret.read("admin.token", from: environment) }
        return AdminAPI(base: url, token: token, service: service, option: option)
    }
}
