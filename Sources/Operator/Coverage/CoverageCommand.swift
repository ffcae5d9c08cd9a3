import AdminAPI
import ArgumentParser
import Contracts
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
    @Option(help: AdminService.ingest.help)
    var ingestUrl: String?

    @Option(help: AdminService.decision.help)
    var decisionUrl: String?

    @Option(help: "Their token. (default: $INTAKE_ADMIN_TOKEN, or the file that $INTAKE_ADMIN_TOKEN_FILE names)")
    var adminToken: String?

    func ingest() throws(CommandError) -> ServiceAdmin {
        try ServiceAdmin.all(.ingest, at: ingestUrl, option: "--ingest-url", token: adminToken)[0]
    }

    func decision() throws(CommandError) -> ServiceAdmin {
        try ServiceAdmin.all(.decision, at: decisionUrl, option: "--decision-url", token: adminToken)[0]
    }
}

extension ServiceAdmin {
    /// Gives the past requests that were accepted since then, a page at a time, oldest first.
    func places(
        since: DayOrAge?, organization: String?, _ body: ([RequestPlace]) async throws(CommandError) -> Void
    ) async throws(CommandError) {
        let since = since?.date(before: Date())
        var after: RequestID?
        repeat {
            let page = try await send(
                ListPlaces.call {
                    ($0.since, $0.organization, $0.limit, $0.after) = (since, organization, 1000, after)
                })
            try await body(page.places)
            after = page.next
        } while after != nil
    }
}
