import Foundation

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
    /// From sending to the 202.
    var acceptance: LatencySummary?
    /// From sending to the callback.
    var wholeWay: LatencySummary?
    var elapsedSeconds: Double
    /// Told requests over the time from the first POST to the last callback; absent below two of them.
    var toldPerSecond: Double?
    /// Up to ten of those that still wait.
    var waiting: [Waiting]
    /// How the requests fared by how the partner misbehaved at them; absent when it did not.
    var behaviours: [BehaviourSummary]?

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
            && (behaviours ?? []).allSatisfy { $0.violations.total == 0 }
    }
}

extension SimulationReport {
    private static let listed = 10

    /// Adds up the books.
    init(_ ledger: Ledger, ending: Ending, elapsed: Duration) {
        self.init(
            ending: ending, requests: ledger.entries.count, accepted: 0, refused: [:], unanswered: [:], unsent: 0,
            toldYes: 0, toldNo: 0, stillWaiting: 0, wrong: 0, wrongIDs: [], duplicates: ledger.callbacks.duplicates,
            contradictions: ledger.callbacks.contradictions, unexpected: ledger.callbacks.unexpected,
            unauthorized: ledger.callbacks.unauthorized, malformed: ledger.callbacks.malformed,
            acceptance: ledger.acceptance.summary, wholeWay: ledger.wholeWay.summary,
            elapsedSeconds: elapsed / .seconds(1), toldPerSecond: nil, waiting: [])
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
