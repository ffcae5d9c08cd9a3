import AdminAPI
import ArgumentParser
import Contracts
import Foundation
import Terminal

/// `intake callbacks waiting`
struct CallbacksWaiting: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waiting", abstract: "Show which callbacks wait, and why.",
        discussion: """
            What a partner is to be told and has not taken: the answer, or a later step of the organisation. First how \
            many wait for what, and what holds a partner back as a whole: an endpoint that is left alone, or a pause. \
            Then a row for each, the request that came first at the top. What was given up waits for nothing: dead \
            list.
            """)

    @Argument(help: "Only this provider's.")
    var provider: ProviderName?

    @Option(help: "How many rows at most; 0 for the summary alone.")
    var limit = 50

    @Flag(help: "Print summary and rows as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<IngestListener>

    func validate() throws {
        guard (0...100_000).contains(limit) else { throw ValidationError("--limit must be 0 to 100000.") }
    }

    func run() async throws {
        let api = try admin.api()
        var answer = try await api.send(call(limit, after: nil))
        while answer.waiting.count < limit, let after = answer.next {
            let page = try await api.send(call(limit - answer.waiting.count, after: after))
            answer.waiting += page.waiting
            answer.next = page.next
        }
        if let provider, answer.providers?.isEmpty != false {
            let unknown = answer.unknown.map { " (and CallbackService does not tell all: \(PrintableText.of($0)))" }
            throw CommandError("\(api.base) knows no provider \(provider.name)\(unknown ?? "")")
        }
        try Output.write(
            json ? .json(answer) : .text(WaitingText.of(answer, isOfOne: provider != nil, now: Date())))
    }

    private func call(_ limit: Int, after: RequestID?) -> AdminCall<ListWaiting> {
        ListWaiting.call { ($0.provider, $0.limit, $0.after) = (provider?.name, min(limit, 1000), after) }
    }
}

/// Callbacks that wait, as people read them.
enum WaitingText {
    /// Ends in a line feed.
    /// - Parameter isOfOne: whether one partner was asked for.
    static func of(_ answer: ListWaiting.Answer, isOfOne: Bool = false, now: Date) -> String {
        let partners = answer.providers ?? []
        var lines = partners.flatMap { partner in
            [count(partner, isCut: answer.isCut == true)] + holds(partner)
        }
        if partners.isEmpty { lines.append("No callback waits.") }
        if let unknown = answer.unknown {
            lines.append("who is paused is not known of all: \(unknown)")
        }
        if !answer.waiting.isEmpty { lines += [""] + table(answer.waiting, isOfOne: isOfOne, now) }
        if answer.next != nil { lines.append("… and more: --limit") }
        // Who pauses, and what partners answer, must not steer a terminal.
        return lines.map(PrintableText.of).joined(separator: "\n") + "\n"
    }

    /// `12 of portal: 10 wait for their next attempt after HTTP status 503 (http-503), 2 wait for their first`
    private static func count(_ partner: WaitingPartner, isCut: Bool) -> String {
        guard partner.count > 0 else { return "none of \(partner.provider) waits" }
        let reasons = partner.reasons.map { reason in
            let (verb, whose) = reason.count == 1 ? ("waits", "its") : ("wait", "their")
            guard let code = reason.code else { return "\(reason.count) \(verb) for \(whose) first" }
            return "\(reason.count) \(verb) for \(whose) next attempt after \(error(code, reason.httpStatus))"
        }
        return "\(isCut ? "at least " : "")\(partner.count) of \(partner.provider): "
            + reasons.joined(separator: ", ")
    }

    private static func error(_ code: String, _ status: Int?) -> String {
        status.map { "HTTP status \($0) (\(code))" } ?? code
    }

    /// What holds all of a partner's callbacks back.
    private static func holds(_ partner: WaitingPartner) -> [String] {
        var lines: [String] = []
        if let oldest = partner.oldest { lines.append("  the first waits since \(Timestamp.string(oldest))") }
        if let endpoint = partner.endpoint {
            lines.append("  its endpoint is left alone but for probes\(endpoint.since): they go out when it answers")
        }
        if let paused = partner.paused {
            lines.append("  its callbacks are paused \(paused.text): intake callbacks resume \(partner.provider)")
        }
        return lines
    }

    /// - Parameter isOfOne: whether all are of one partner, which need not be said in each row.
    private static func table(_ waiting: [WaitingCallback], isOfOne: Bool, _ now: Date) -> [String] {
        var table = TextTable()
        func add(_ request: String, _ provider: String, _ id: String, _ others: String...) {
            table.add(row: [request] + (isOfOne ? [] : [provider]) + [id] + others)
        }
        add("REQUEST", "PROVIDER", "ITS ID", "TELLS", "AGE", "ATTEMPT", "LAST ERROR", "NEXT ATTEMPT")
        for one in waiting {
            let attempt = one.attempt.map { attempt in "\(attempt)" + (one.of.map { " of \($0)" } ?? "") }
            add(
                "\(one.request)", one.provider, one.providerRequestId, one.what,
                Duration(clampingSeconds: now.timeIntervalSince(one.since)).age, attempt ?? "-", error(one),
                next(one, now))
        }
        return table.lines
    }

    /// `http-503`, or with the status where the code does not say it.
    private static func error(_ one: WaitingCallback) -> String {
        guard let error = one.error else { return "-" }
        guard let status = one.httpStatus, StageError.httpStatus(of: error.code) != status else { return error.code }
        return "\(error.code), status \(status)"
    }

    private static func next(_ one: WaitingCallback, _ now: Date) -> String {
        switch one.waitsFor {
        case .resume: "when resumed"
        case .endpoint: "with a probe"
        case .firstAttempt: "first, at its turn"
        case .nextAttempt:
            one.nextAttemptAt.flatMap { next in
                next > now ? "in \(Duration(clampingSeconds: next.timeIntervalSince(now)).age)" : nil
            } ?? "at its turn"
        }
    }
}

extension WaitingPartner.Endpoint {
    /// ` since 2026-… (http-503: …)`, as far as it is known; with a blank before it.
    var since: String {
        (degradedSince.map { " since \(Timestamp.string($0))" } ?? "")
            + (error.map { " (\($0.code): \($0.message))" } ?? "")
    }
}

extension ProviderEntry.Pause {
    /// `since 2026-…, by olu: they move`
    var text: String { "since \(Timestamp.string(since)), by \(by)" + (why.map { ": \($0)" } ?? "") }
}
