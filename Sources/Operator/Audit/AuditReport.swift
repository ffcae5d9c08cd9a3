import AdminAPI
import Contracts
import Foundation
import Terminal

/// What an audit found.
struct AuditReport: Sendable, Encodable {
    /// A request that has not moved for too long, and where it is.
    struct Finding: Sendable, Equatable, Encodable {
        var request: PendingRequest
        var place: Place
        /// What a repair came to.
        var repair: Repair?
    }

    enum Place: Sendable, Equatable {
        /// Waits for the relay.
        case outbox
        /// Was found in this queue, whose messages move by themselves or wait for an operator.
        case queue(String)
        /// May be one of those that wait in this queue.
        case backlog(String, ready: Int, consumers: Int)
        case nowhere
    }

    enum Repair: Sendable, Equatable, Encodable {
        case published(eventType: String)
        case failed(String)
    }

    var conservation: ConservationTable
    var isConserved: Bool
    var stuck: [Finding]

    init(_ conservation: ConservationTable, _ stuck: [Finding]) {
        self.conservation = conservation
        isConserved = conservation.isConserved
        self.stuck = stuck
    }

    /// Whether nothing is lost, or all that was is on its way again.
    var isWell: Bool {
        isConserved
            && stuck.allSatisfy { finding in
                guard finding.place == .nowhere else { return true }
                if case .published = finding.repair { return true }
                return false
            }
    }

    /// The report as people read it, ending in a line feed.
    func text(now: Date) -> String {
        var table = TextTable(numeric: [1, 2, 3, 4, 5])
        table.add("PROVIDER", "ACCEPTED", "TOLD", "PENDING", "REVIEW", "DEAD")
        for counts in conservation.providers + [conservation.total] {
            table.add(
                counts.provider ?? "total", "\(counts.accepted)", "\(counts.told)", "\(counts.pending)",
                "\(counts.review)", "\(counts.dead)", counts.isConserved ? "" : "does not add up")
        }
        var lines = table.lines + [""]
        lines.append("accepted = told + pending + review + dead \(isConserved ? "holds" : "DOES NOT HOLD")")
        lines += findings(now) + [summary]
        return lines.joined(separator: "\n") + "\n"
    }

    private func findings(_ now: Date) -> [String] {
        var table = TextTable()
        for finding in stuck {
            let age = Duration(clampingSeconds: now.timeIntervalSince(finding.request.movedAt)).age
            table.add(
                "\(finding.request.id)", finding.request.stage.rawValue, "not moved for \(age)",
                finding.place.text, finding.repair?.text ?? "")
        }
        return table.lines
    }

    private var summary: String {
        let lost = stuck.filter { $0.place == .nowhere }
        let repaired = lost.count { if case .published = $0.repair { true } else { false } }
        let ending = repaired > 0 ? ", \(repaired) of them published again" : ""
        return "\(stuck.count) stuck, \(lost.count) nowhere\(ending)"
    }
}

extension AuditReport.Place: Encodable {
    var text: String {
        switch self {
        case .outbox: "in the outbox"
        case .queue(let name): "in \(name)"
        case .backlog(let name, let ready, 0): "perhaps among the \(ready) in \(name), which nobody consumes"
        case .backlog(let name, let ready, _): "perhaps among the \(ready) in \(name)"
        case .nowhere: "NOWHERE"
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension AuditReport.Repair {
    var text: String {
        switch self {
        case .published(let type): "\(type) published again"
        case .failed(let why): "not repaired: \(why)"
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
