import AdminAPI
import ArgumentParser
import Contracts
import Foundation
import Terminal

/// `intake review`: what waits for a person to decide.
struct Review: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "See which requests wait for a person, and decide.",
        discussion: """
            Where the rules do not say surely enough whether an organisation covers a place, its review: in \
            coverage.yaml asks a person. Its staff decide by PATCH; here an operator does in their place. Nobody \
            before the deadline: then the organisation's fallback is told.
            """,
        subcommands: [ReviewList.self, ReviewAccept.self, ReviewDecline.self])
}

/// `intake review list`
struct ReviewList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what waits for a person, the nearest deadline first.")

    @Option(help: "Only this organisation's.")
    var organization: String?

    @Flag(help: "Print every review as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<IngestListener>

    func run() async throws {
        let api = try admin.api()
        var entries: [ReviewPage.Entry] = []
        var after: String?
        repeat {
            let page = try await api.send(ListReviews.call { ($0.limit, $0.after) = (500, after) })
            entries += page.reviews
            after = page.next
        } while after != nil
        if let organization { entries.removeAll { $0.organization != organization } }
        try Output.write(json ? .json(entries) : .text(ReviewText.list(entries, now: Date())))
    }
}

/// `intake review accept`
struct ReviewAccept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Decide that the organisation takes these requests; their partners are told.")

    @OptionGroup var choice: ReviewChoice

    func run() async throws { try await choice.decide(.accept) }
}

/// `intake review decline`
struct ReviewDecline: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decline",
        abstract: "Decide that the organisation does not take these requests; their partners are told.")

    @OptionGroup var choice: ReviewChoice

    func run() async throws { try await choice.decide(.decline) }
}

/// Which reviews are decided, and what is noted about it.
struct ReviewChoice: ParsableArguments {
    @Argument(help: "The requests' ids, ours or the partner's.")
    var requests: [String]

    @Option(help: "Why; for the organisation alone. At most 500 characters.")
    var note: String?

    @Flag(help: "Print what each came to as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<IngestListener>

    /// What one came to.
    private struct Outcome: Encodable {
        var request: String
        /// `accepted` or `declined`; absent when it could not be decided.
        var outcome: String?
        /// Whether it was decided now.
        var decided = false
        var error: String?
    }

    func validate() throws {
        if requests.isEmpty { throw ValidationError("Name at least one request.") }
        if let note, note.count > 500 { throw ValidationError("--note may have at most 500 characters.") }
    }

    /// Decides one after the other, and says what each came to. One that cannot be decided keeps none of the others
    /// from it.
    /// - Throws: `ExitCode` 1 when there was such a one.
    func decide(_ answer: ReviewAnswer) async throws {
        let (api, name) = (try admin.api(), OperatorName.current())
        var outcomes: [Outcome] = []
        for request in requests {
            let line: String
            do throws(CommandError) {
                let id = try await api.resolve(request)
                let outcome = try await api.send(
                    DecideReview.call(of: id, body: .init(decision: answer, by: name, note: note)), missing: id.missing)
                line = outcome.decided ? answer.past : "\(answer.past) before"
                outcomes.append(Outcome(request: request, outcome: answer.past, decided: outcome.decided))
            } catch {
                outcomes.append(Outcome(request: request, error: error.description))
                line = "not decided: \(error.description)"
            }
            if !json { try Output.write(.text("\(PrintableText.of(request))  \(line)\n")) }
        }
        if json { try Output.write(.json(outcomes)) }
        if outcomes.contains(where: { $0.error != nil }) { throw ExitCode(1) }
    }
}
