import Foundation
import Terminal

/// What came of a simulation, in numbers.
struct SimulationReport: Sendable, Equatable, Codable {
    /// How the run ended.
    enum Ending: String, Sendable, Codable {
        /// Every request has come to an end.
        case complete
        /// Nothing happened any more.
        case timeout
        /// It was told to stop.
        case interrupted
    }

    var ending: Ending
    var requests: Int
    var accepted: Int
    /// Refused requests by HTTP status.
    var refused: [String: Int]
    /// Requests whose POST was never answered, by reason.
    var unanswered: [String: Int]
    /// Requests that were not sent, or whose answer was not waited for.
    var unsent: Int
    var toldYes: Int
    var toldNo: Int
    /// Accepted and not told.
    var stillWaiting: Int
    /// Told something else than was expected.
    var wrong: Int
    /// Ids of up to ten of them.
    var wrongIDs: [String]
    var duplicates: Int
    var contradictions: Int
    /// Callbacks for ids that the run did not send.
    var unexpected: Int
    /// Callbacks that were refused.
    var unauthorized: Int
    var malformed: Int
    /// How the callbacks' signatures were; absent when nobody looked.
    var signatures: Signatures?
    /// From sending to the 202; at a rate, from the moment at which it was to be sent.
    var acceptance: LatencySummary?
    /// From then to the callback.
    var wholeWay: LatencySummary?
    var elapsedSeconds: Double
    /// Told requests over the time from the first POST to the last callback; absent below two of them.
    var toldPerSecond: Double?
    /// Up to ten of those that still wait.
    var waiting: [Waiting]
    /// How the requests fared by how the partner misbehaved at them; absent when it did not.
    var behaviours: [BehaviourSummary]?

    /// Callbacks by their signatures.
    struct Signatures: Sendable, Equatable, Codable {
        var verified = 0
        var missing = 0
        var wrong = 0
    }

    /// An accepted request that has not been told.
    struct Waiting: Sendable, Equatable, Codable {
        var id: String
        /// Path of the job.
        var location: String?
        /// What the API said about the job.
        var job: String?
    }

    /// Whether all went as it should.
    var succeeded: Bool {
        ending == .complete && accepted == requests && stillWaiting == 0 && wrong == 0 && contradictions == 0
            && (signatures?.missing ?? 0) == 0 && (signatures?.wrong ?? 0) == 0
            && (behaviours ?? []).allSatisfy { $0.violations.total == 0 }
    }
}

extension SimulationReport {
    private static let listed = 10

    /// Adds up the books.
    init(_ ledger: Ledger, ending: Ending, elapsed: Duration, areSigned: Bool = false) {
        self.init(
            ending: ending, requests: ledger.entries.count, accepted: 0, refused: [:], unanswered: [:], unsent: 0,
            toldYes: 0, toldNo: 0, stillWaiting: 0, wrong: 0, wrongIDs: [], duplicates: ledger.callbacks.duplicates,
            contradictions: ledger.callbacks.contradictions, unexpected: ledger.callbacks.unexpected,
            unauthorized: ledger.callbacks.unauthorized, malformed: ledger.callbacks.malformed,
            acceptance: ledger.acceptance.summary, wholeWay: ledger.wholeWay.summary,
            elapsedSeconds: elapsed / .seconds(1), toldPerSecond: nil, waiting: [])
        if areSigned {
            signatures = Signatures(
                verified: ledger.callbacks.verified, missing: ledger.callbacks.unsigned,
                wrong: ledger.callbacks.wronglySigned)
        }
        for entry in ledger.entries { add(entry) }
        behaviours = BehaviourSummary.all(ledger)
        let told = toldYes + toldNo
        if told > 1, let first = ledger.firstSentAt, let last = ledger.lastToldAt, last > first {
            toldPerSecond = Double(told) / ((last - first) / .seconds(1))
        }
    }

    private mutating func add(_ entry: Ledger.Entry) {
        if let told = entry.told {
            accepted += 1
            if told { toldYes += 1 } else { toldNo += 1 }
            if let expected = entry.expected, expected != told {
                wrong += 1
                if wrongIDs.count < Self.listed { wrongIDs.append(entry.id) }
            }
            return
        }
        switch entry.posting {
        case .accepted:
            accepted += 1
            stillWaiting += 1
            if waiting.count < Self.listed { waiting.append(Waiting(id: entry.id, location: entry.location)) }
        case .open: unsent += 1
        case .failed(.status(let status)): refused[String(status), default: 0] += 1
        case .failed(.noAnswer(let reason)): unanswered[reason, default: 0] += 1
        }
    }

    /// With sorted keys, ending in a line feed.
    var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self) + Data("\n".utf8)
        }
    }
}

extension SimulationReport {
    /// The report as people read it, ending in a line feed.
    var table: String {
        var lines = [Self.row("requests", requests), Self.row("accepted", accepted)]
        lines.append(Self.row("refused", refused.values.reduce(0, +)))
        lines += refused.sorted { $0.key < $1.key }.map { Self.row("  HTTP \($0.key)", $0.value) }
        if !unanswered.isEmpty {
            lines.append(Self.row("never answered", unanswered.values.reduce(0, +)))
            lines += unanswered.sorted { $0.key < $1.key }.map { Self.row("  \($0.key)", $0.value) }
        }
        if unsent > 0 { lines.append(Self.row("not sent", unsent)) }
        lines += [
            Self.row("told yes", toldYes), Self.row("told no", toldNo), Self.row("still waiting", stillWaiting),
            Self.row("duplicates", duplicates), Self.row("unexpected", unexpected),
        ]
        if let signatures {
            lines.append(Self.row("signatures verified", signatures.verified))
            if signatures.missing > 0 { lines.append(Self.row("callbacks without signature", signatures.missing)) }
            if signatures.wrong > 0 { lines.append(Self.row("wrong signatures", signatures.wrong)) }
        }
        if contradictions > 0 { lines.append(Self.row("told both yes and no", contradictions)) }
        if unauthorized > 0 { lines.append(Self.row("callbacks without the token", unauthorized)) }
        if malformed > 0 { lines.append(Self.row("malformed callbacks", malformed)) }
        if wrong > 0 { lines.append(Self.row("wrong decisions", wrong)) }
        lines += ["", Self.pad("", 16) + ["p50", "p99", "p99.9", "max"].map { Self.padLeft($0, 12) }.joined()]
        lines += [Self.row("202 after", acceptance), Self.row("told after", wholeWay), ""]
        if let behaviours { lines += Self.behaviourLines(behaviours) + [""] }
        lines.append(Self.speed(elapsedSeconds, toldPerSecond))
        switch ending {
        case .complete: break
        case .timeout: lines.append("Stopped waiting: nothing happened any more.")
        case .interrupted: lines.append("Interrupted.")
        }
        if refused["409"] != nil {
            lines.append(
                "409: requests with these ids are there already, of an earlier run; --provider-id-prefix makes new ids."
            )
        }
        lines += wrongIDs.map { "wrong    \($0)" }
        lines += waiting.map { "waiting  \($0.id)  \($0.job ?? "")".trimmingCharacters(in: .whitespaces) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func behaviourLines(_ behaviours: [BehaviourSummary]) -> [String] {
        var table = TextTable(numeric: [1, 2, 3, 4, 5, 6, 7])
        table.add("behaviour", "requests", "attempts", "told", "repeated", "told p50", "p99", "violations")
        for behaviour in behaviours {
            let after = behaviour.toldAfter.map { (time($0.p50), time($0.p99)) } ?? ("-", "-")
            table.add(
                behaviour.behaviour, "\(behaviour.requests)", "\(behaviour.attempts)", "\(behaviour.told)",
                "\(behaviour.repeated)", after.0, after.1, "\(behaviour.violations.total)")
        }
        let violations = behaviours.reduce(into: MisbehaviourBooks.Violations()) { $0 += $1.violations }
        return table.lines
            + [
                (violations.redirectsFollowed, "redirects followed"),
                (violations.afterReceipt, "callbacks again after their receipt"),
                (violations.otherAnswers, "answers that contradict an earlier one"),
            ].filter { $0.0 > 0 }.map { "violations: \($0.0) \($0.1)" }
    }

    private static func row(_ name: String, _ count: Int) -> String { pad(name, 28) + padLeft(String(count), 12) }

    private static func row(_ name: String, _ latency: LatencySummary?) -> String {
        let values = latency.map { [$0.p50, $0.p99, $0.p999, $0.max].map(time) } ?? ["-", "-", "-", "-"]
        return pad(name, 16) + values.map { padLeft($0, 12) }.joined()
    }

    private static func time(_ milliseconds: Double) -> String {
        milliseconds < 10_000 ? "\(fixed(milliseconds, 1)) ms" : "\(fixed(milliseconds / 1000, 1)) s"
    }

    private static func speed(_ seconds: Double, _ toldPerSecond: Double?) -> String {
        let elapsed = "\(fixed(seconds, 1)) s"
        return toldPerSecond.map { "\(elapsed), \(fixed($0, 0)) requests/s told" } ?? elapsed
    }

    /// Without a locale's separators.
    private static func fixed(_ value: Double, _ places: Int) -> String {
        String(format: "%.\(places)f", value)
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func padLeft(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
