import AdminAPI
import Contracts
import Foundation
import Pages

/// `console-flow`
struct FlowView: Sendable {
    struct Box: Sendable {
        var title: String
        var explanation: String
        var lines: [Figure]
    }

    var figures: [Figure]
    var boxes: [Box]
    var counts: [Row]
    var isSound: Bool
    var acceptedPath: String
    var toldPath: String
    var top: String
    /// Since when the hour is known; absent when all of it is.
    var since: ShownTime?
    /// What moves on the page, by the names of its places.
    var values: [String: String]

    struct Row: Sendable {
        var provider: String
        var accepted: String
        var told: String
        var pending: String
        var review: String
        var dead: String
    }

    init(_ flow: FlowFigures, _ samples: [FlowHistory.Sample]) {
        let grouped = DeskCounts.grouped
        let accepted = FlowHistory.perMinute(samples, now: flow.at) { $0.accepted }
        let told = FlowHistory.perMinute(samples, now: flow.at) { $0.told }
        let perMinute = { (all: [Double?]) in
            all.last.flatMap { $0 }.map { grouped(Int(clamping: $0.rounded())) } ?? "–"
        }
        figures = [
            Figure(key: "accepted", label: "Accepted", value: grouped(flow.accepted)),
            Figure(key: "told", label: "Told", value: grouped(flow.told)),
            Figure(key: "pending", label: "Under way", value: grouped(flow.pending)),
            Figure(key: "review", label: "In review", value: grouped(flow.review)),
            Figure(key: "dead", label: "Dead", value: grouped(flow.dead), isBad: flow.dead > 0),
            Figure(key: "rate", label: "Accepted per minute", value: perMinute(accepted)),
            Figure(key: "toldRate", label: "Told per minute", value: perMinute(told)),
            Figure(key: "whole", label: "From accepted to told, p50 / p95", value: Self.pace(flow.whole)),
        ]
        func part(_ stage: Stage) -> [Figure] {
            let part = flow.parts[stage] ?? .init()
            let name = stage.rawValue
            var lines = [
                Figure(key: "\(name).waiting", label: "waiting", value: grouped(part.waiting)),
                Figure(key: "\(name).retrying", label: "for a retry", value: grouped(part.retrying)),
                Figure(
                    key: "\(name).oldest", label: "oldest",
                    value: part.oldest.map { DeskWords.span(flow.at.timeIntervalSince($0)) } ?? "–"),
                Figure(key: "\(name).dead", label: "dead letters", value: grouped(part.dead), isBad: part.dead > 0),
            ]
            if stage == .callback {
                let steps = Figure(key: "callback.steps", label: "steps not taken", value: grouped(flow.untakenSteps))
                lines.insert(steps, at: 2)
            }
            if stage != .progress {
                lines.append(Figure(key: "\(name).pace", label: "p50 / p95", value: Self.pace(flow.paces[stage])))
            }
            return lines
        }
        let outbox = [
            Figure(key: "outbox.count", label: "in the outbox", value: grouped(flow.outbox.count)),
            Figure(
                key: "outbox.oldest", label: "oldest",
                value: flow.outbox.oldest.map { DeskWords.span(flow.at.timeIntervalSince($0)) } ?? "–"),
            Figure(key: "reviews.open", label: "reviews open", value: grouped(flow.reviews.open)),
            Figure(
                key: "reviews.overdue", label: "overdue", value: grouped(flow.reviews.overdue),
                isBad: flow.reviews.overdue > 0),
            Figure(
                key: "progress.dead", label: "projection's dead letters",
                value: grouped(flow.parts[.progress]?.dead ?? 0)),
        ]
        boxes = [
            Box(title: "Intake", explanation: "Accepts, keeps, publishes", lines: outbox),
            Box(title: "Geocode", explanation: "Where is it?", lines: part(.geocode)),
            Box(title: "Decision", explanation: "Is it covered?", lines: part(.decision)),
            Box(title: "Callback", explanation: "Tells the partner", lines: part(.callback)),
        ]
        counts = flow.counts.map { counts in
            Row(
                provider: Shown.short(counts.provider ?? "", 64), accepted: grouped(counts.accepted),
                told: grouped(counts.told),
                pending: grouped(counts.pending), review: grouped(counts.review), dead: grouped(counts.dead))
        }
        isSound = flow.counts.allSatisfy(\.isConserved)
        let most = max(1, (accepted + told).compactMap(\.self).max() ?? 1)
        acceptedPath = Self.path(accepted, most)
        toldPath = Self.path(told, most)
        top = grouped(Int(clamping: most.rounded(.up)))
        since = FlowHistory.start(samples, now: flow.at).map { ShownTime($0) }
        let lines = figures + boxes.flatMap(\.lines)
        values = Dictionary(lines.map { ($0.key, $0.value) }) { first, _ in first }
        values["path.accepted"] = acceptedPath
        values["path.told"] = toldPath
        values["top"] = top
    }

    private static func pace(_ pace: FlowFigures.Pace?) -> String {
        pace.map { "\(seconds($0.median)) / \(seconds($0.slow))" } ?? "–"
    }

    /// A narrow tile breaks between two figures, never within one.
    static func seconds(_ seconds: Double) -> String {
        if seconds < 1 { return "\(Int(clamping: (seconds * 1000).rounded()))\u{A0}ms" }
        if seconds < 100 { return "\(Double(Int(seconds * 10)) / 10)\u{A0}s" }
        return DeskWords.span(seconds)
    }

    /// A line over an hour, in a picture of 600 by 120.
    private static func path(_ values: [Double?], _ most: Double) -> String {
        var path = ""
        var isDown = false
        for (index, value) in values.enumerated() {
            guard let value else {
                isDown = false
                continue
            }
            let x = Double(index) / Double(max(1, values.count - 1)) * 600
            let y = 120 - value / most * 116
            path += "\(isDown ? "L" : "M")\(Int(x)) \(Double(Int(y * 10)) / 10) "
            isDown = true
        }
        return path.isEmpty ? "M0 120" : path
    }
}
