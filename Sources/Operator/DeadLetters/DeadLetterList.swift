import AdminAPI
import Broker
import Contracts
import DeadLetters
import Foundation
import Terminal

/// What `intake dead list` shows.
struct DeadLetterList: Sendable {
    /// A dead queue beside what the projection has recorded.
    struct Queue: Sendable, Equatable, Encodable {
        var name: String
        var stage: Stage
        /// Messages that the broker has in it.
        var messages: Int
        /// Letters of the stage that wait for an operator.
        var recorded: Int

        /// Why the two differ; `nil` when they don't.
        var remark: String? {
            switch (messages, recorded) {
            case let (messages, recorded) where messages == recorded: nil
            case (_, 0) where stage == .progress: "facts that the projection itself gave up: it records none of its own"
            case let (messages, recorded) where messages > recorded: "more than recorded: intake.progress may be behind"
            default: "fewer than recorded: a replay is under way, or somebody emptied the queue"
            }
        }
    }

    struct JSON: Sendable, Encodable {
        var groups: [DeadLetterGroup]
        var deadLetters: [DeadLetterEntry]
        var queues: [Queue]?
    }

    private static let shown = 20

    var query: DeadLetterQuery
    var groups: [DeadLetterGroup]
    var letters: [DeadLetterEntry]
    var next: String?
    /// `nil` when the broker could not be asked.
    var queues: [Queue]?
    var brokerProblem: String?

    init(query: DeadLetterQuery, page: DeadLetterPage) {
        self.query = query
        groups = page.groups ?? []
        letters = page.deadLetters
        next = page.next
    }

    var json: JSON { JSON(groups: groups, deadLetters: letters, queues: queues) }

    mutating func fetchRest(_ api: ServiceAdmin) async throws(CommandError) {
        while let after = next {
            let page = try await api.deadLetters(query, after: after)
            letters += page.deadLetters
            next = page.next
        }
    }

    /// Asks the broker how full the dead queues are. Passively: no message is touched.
    func compare(_ api: ServiceAdmin, _ target: BrokerTarget) async throws -> [Queue] {
        // Whatever is shown, the queues hold all of it.
        let all = try await api.deadLetters(DeadLetterQuery(), limit: 0).groups ?? []
        let stages = query.stage.map { [$0] } ?? Stage.allCases
        return try await target.session { session in
            var queues: [Queue] = []
            for stage in stages {
                let name = session.topology.deadQueue(stage)
                queues.append(
                    Queue(
                        name: name, stage: stage, messages: try await session.depth(of: name).messages,
                        recorded: all.filter { $0.stage == stage }.reduce(0) { $0 + $1.count }))
            }
            return queues
        }
    }

    /// The list as people read it, ending in a line feed.
    func text(now: Date) -> String {
        var lines: [String] = []
        if groups.isEmpty {
            lines.append("No dead letters.")
        } else {
            var table = TextTable(numeric: [2])
            table.add("STAGE", "REASON", "COUNT", "OLDEST")
            for group in groups {
                table.add(
                    group.stage.rawValue, group.reason, "\(group.count)",
                    "\(Self.age(group.oldest, now)) (\(Timestamp.string(group.oldest)))")
            }
            lines += table.lines + [""] + lettersTable(now).lines
            let total = groups.reduce(0) { $0 + $1.count }
            if total > Self.shown { lines.append("… and \(total - Self.shown) more: --json prints them all") }
        }
        if let queues {
            var table = TextTable(numeric: [1, 2])
            table.add("QUEUE", "HOLDS", "RECORDED")
            for queue in queues {
                table.add(queue.name, "\(queue.messages)", "\(queue.recorded)", queue.remark ?? "")
            }
            lines += [""] + table.lines
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func lettersTable(_ now: Date) -> TextTable {
        var table = TextTable()
        table.add("MESSAGE", "REQUEST", "STAGE", "DIED", "ERROR")
        for letter in letters.prefix(Self.shown) {
            table.add(
                "\(letter.messageId)", letter.requestId?.description ?? "-", letter.stage.rawValue,
                Self.age(letter.diedAt, now), letter.told ? "\(letter.code) (told all the same)" : letter.code)
        }
        return table
    }

    private static func age(_ date: Date, _ now: Date) -> String {
        "\(Duration(clampingSeconds: now.timeIntervalSince(date)).age) ago"
    }
}

/// Dead letters as people read them.
enum DeadLetterText {
    /// A line for each stage and reason.
    static func groups(_ groups: [DeadLetterGroup]) -> String {
        var table = TextTable()
        for group in groups { table.add(group.stage.rawValue, group.reason, "\(group.count)") }
        return table.lines.map { $0 + "\n" }.joined()
    }

    /// Ends in a line feed.
    static func of(_ letter: DeadLetterEntry) -> String {
        var table = TextTable()
        table.add("message", "\(letter.messageId)")
        table.add("request", letter.requestId?.description ?? "names none")
        table.add("stage", letter.stage.rawValue)
        table.add("reason", letter.reason)
        table.add("error", "\(letter.code): \(letter.message)")
        table.add("attempts", "\(letter.attempts)")
        if let first = letter.firstFailedAt { table.add("first failed", Timestamp.string(first)) }
        table.add("died", Timestamp.string(letter.diedAt))
        if let host = letter.host { table.add("host", "\(host), version \(letter.version ?? "unknown")") }
        if let job = letter.job {
            table.add("job", [job.status, job.stage?.rawValue].compactMap { $0 }.joined(separator: ", "))
        }
        if letter.told { table.add("told", "the partner was told all the same: a replay would do nothing") }
        if let resolution = letter.resolution {
            let why = resolution.why.map { ": \($0)" } ?? ""
            table.add(resolution.kind, "\(Timestamp.string(resolution.at)) by \(resolution.by)\(why)")
        }
        var lines = table.lines
        if let headers = letter.headers, !headers.isEmpty {
            lines += ["", "headers"] + headers.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
        }
        lines += ["", "body, \(letter.bodyBytes ?? 0) bytes\(cut(letter))"] + body(letter)
        return lines.map(PrintableText.of).joined(separator: "\n") + "\n"
    }

    /// What is missing below, and how to tell the whole when it is found in the dead queue.
    private static func cut(_ letter: DeadLetterEntry) -> String {
        guard let kept = letter.bodyKept else { return "" }
        return
            ", of which the first \(kept) are kept here; the whole is in the dead queue, SHA-256 "
            + (letter.bodySha256 ?? "not known")
    }

    private static func body(_ letter: DeadLetterEntry) -> [String] {
        if let body = letter.body { return body.split(separator: "\n").map { "  \($0)" } }
        guard let bytes = letter.bodyBase64.flatMap({ Data(base64Encoded: $0) }) else {
            return [letter.bodyKept == nil ? "  no JSON object: --raw shows it" : "  --raw shows its beginning"]
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return ["  no text, in base64:", "  \(bytes.base64EncodedString())"]
        }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
    }
}
