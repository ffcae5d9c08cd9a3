import AdminAPI
import ArgumentParser
import Contracts
import Foundation
import Terminal

/// `intake requests`
struct RequestsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "requests", abstract: "Find requests, and show one.",
        subcommands: [RequestsFind.self, RequestsShow.self])
}

/// `intake requests find`
struct RequestsFind: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find",
        abstract:
            "Find requests by an id of ours or the partner's, a name, a telephone number, an e-mail address, a ZIP, "
            + "a city or a street.",
        discussion: """
            Each word must be the beginning of a word of the request. What was accepted a moment ago is found by its \
            ids first, and by words a few seconds later. Nothing about the person is shown. Exits 1 when nothing is \
            found.
            """)

    @Argument(help: "What is looked for.")
    var words: [String]

    @Flag(help: "Print the requests as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<IngestListener>

    func run() async throws {
        let found = try await admin.api().findRequests(words.joined(separator: " "))
        try Output.write(json ? .json(found) : .text(Self.text(found) + "\n"))
        guard !found.requests.isEmpty else { throw ExitCode(1) }
    }

    static func text(_ found: FoundRequests) -> String {
        guard !found.requests.isEmpty else { return "Nothing is found." }
        var table = TextTable()
        table.add("REQUEST", "PROVIDER", "ITS ID", "ORGANIZATION", "ACCEPTED", "JOB", "DECISION")
        for request in found.requests {
            table.add(
                "\(request.id)", request.provider, request.providerRequestId, request.organization,
                Timestamp.string(request.acceptedAt), request.state, request.decided)
        }
        return table.lines.joined(separator: "\n")
    }
}

/// `intake requests show`
struct RequestsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show where a request is, and what happened to it.",
        discussion: """
            By our id or the partner's own; where several partners have that one, all of them are named. Nothing about \
            the person is shown.
            """)

    @Argument(help: "The request's id, ours or the partner's.")
    var request: String

    @Flag(help: "Print it as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<IngestListener>

    func run() async throws {
        let api = try admin.api()
        let id = try await api.resolve(request)
        let shown = try await api.send(ShowRequest.call(of: id), missing: id.missing)
        try Output.write(json ? .json(shown) : .text(Self.text(shown, now: Date()) + "\n"))
    }

    static func text(_ shown: ShowRequest.Answer, now: Date) -> String {
        var facts = TextTable()
        facts.add("request", "\(shown.request.id)")
        facts.add("partner", "\(shown.request.provider), its id \(shown.request.providerRequestId)")
        facts.add("organization", shown.request.organization)
        facts.add("accepted", Timestamp.string(shown.request.acceptedAt))
        facts.add("job", shown.request.state)
        facts.add("decision", shown.request.decided)
        if let told = shown.job.notification { facts.add("partner told", told.summary) }
        if let next = shown.job.next(at: now) { facts.add("next attempt", next) }
        var lines = facts.lines
        let events = shown.job.events ?? []
        if !events.isEmpty {
            var table = TextTable()
            for event in events {
                table.add(Timestamp.string(event.at), event.type, event.stage ?? "", event.more)
            }
            lines += [""] + table.lines
        }
        return lines.joined(separator: "\n")
    }
}

extension ServiceAdmin {
    func findRequests(_ text: String) async throws(CommandError) -> FoundRequests {
        try await send(FindRequests.call { $0.q = text })
    }

    /// Our id of a request, from that or from the partner's own.
    /// - Throws: `CommandError` when no request has it, or several have.
    func resolve(_ text: String) async throws(CommandError) -> RequestID {
        if let id = RequestID(text) { return id }
        let found = try await findRequests(text).requests.filter { $0.providerRequestId == text }
        guard let first = found.first else { throw CommandError("no request has the id \(text)") }
        guard found.count == 1 else {
            throw CommandError(
                "several requests have the id \(text): "
                    + found.map { "\($0.id) of \($0.provider)" }.joined(separator: ", "))
        }
        return first.id
    }

    /// The same for several.
    func resolve(_ texts: [String]) async throws(CommandError) -> [RequestID] {
        var ids: [RequestID] = []
        for text in texts { ids.append(try await resolve(text)) }
        return ids
    }
}

extension JobView {
    /// What is known of the next attempt; `nil` where none is to come, or none has failed.
    fileprivate func next(at now: Date) -> String? {
        func after(_ attempt: Int?, _ of: Int?, _ error: StageError?) -> String {
            // Given back untried it has none behind it.
            guard let attempt, attempt > 0 else { return "" }
            return "after attempt \(attempt)" + (of.map { " of \($0)" } ?? "")
                + (error.map { " (\($0.code))" } ?? "") + ", "
        }
        if let told = notification {
            let failed = after(told.attempt, told.of, told.error)
            switch told.status {
            case "held": return failed + "with the next probe of the partner's endpoint, or when it answers again"
            case "retrying":
                // An older service names a time that has passed.
                guard let next = told.nextAttemptAt, next > now else { return failed + "at its turn" }
                return failed + Timestamp.string(next)
            default: return nil
            }
        }
        guard let retry, retry.nextAttemptAt > now else { return nil }
        return after(retry.attempt, retry.of, retry.error) + Timestamp.string(retry.nextAttemptAt)
    }
}

extension RequestSummary {
    /// `in-progress (callback)`
    var state: String { stage.map { "\(job) (\($0.rawValue))" } ?? job }
    var decided: String { acceptance.map { $0 ? "accepted" : "declined" } ?? "none yet" }
}

extension EventView {
    /// What else is known of it.
    var more: String {
        [
            attempt.map { "attempt \($0)" }, httpStatus.map { "status \($0)" }, error?.code, detail,
        ].compactMap(\.self).joined(separator: ", ")
    }
}
