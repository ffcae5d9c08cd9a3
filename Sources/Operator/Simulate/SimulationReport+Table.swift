import Foundation

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
        if contradictions > 0 { lines.append(Self.row("told both yes and no", contradictions)) }
        if unauthorized > 0 { lines.append(Self.row("callbacks without the token", unauthorized)) }
        if malformed > 0 { lines.append(Self.row("malformed callbacks", malformed)) }
        if wrong > 0 { lines.append(Self.row("wrong decisions", wrong)) }
        lines += ["", Self.pad("", 16) + ["p50", "p99", "max"].map { Self.padLeft($0, 12) }.joined()]
        lines += [Self.row("202 after", acceptance), Self.row("told after", wholeWay), ""]
        if let behaviours { lines += Self.behaviourLines(behaviours) + [""] }
        lines.append(Self.speed(elapsedSeconds, toldPerSecond))
        switch ending {
        case .complete: break
        case .timeout: lines.append("Stopped waiting: nothing happened any more.")
        case .interrupted: lines.append("Interrupted.")
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
        let values = latency.map { [$0.p50, $0.p99, $0.max].map(time) } ?? ["-", "-", "-"]
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
