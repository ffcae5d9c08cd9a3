import ArgumentParser
import Contracts
import Foundation

/// `intake audit`
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Count where every request is, and find those that are nowhere.",
        discussion: """
            accepted = told + pending + review + dead must hold; what is in review waits for a person in no queue, see \
            review list. A request under way that has not moved for --stuck-after is looked for \
            in the outbox, in its stage's retry and dead queues, and behind its stage's backlog. Exits 0 when none is \
            nowhere, or --repair has brought back all that were.
            """)

    @Option(help: "Look for requests that nothing has happened to for so long.")
    var stuckAfter = Age(.seconds(900))

    @Flag(help: "Publish the event of each request that is nowhere again, from the stage where it stopped.")
    var repair = false

    @Flag(help: "Print the findings as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<IngestListener>
    @OptionGroup var broker: BrokerOptions

    func run() async throws {
        let auditor = Auditor(api: try admin.api(), target: try broker.target(), stuckAfter: stuckAfter.duration)
        var report = try await auditor.audit()
        if repair { await auditor.repair(&report) }
        try Output.write(json ? .json(report) : .text(report.text(now: Date())))
        guard report.isWell else { throw ExitCode(1) }
    }
}
