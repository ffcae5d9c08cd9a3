import AdminAPI
import Contracts
import Foundation
import Terminal

/// Reviews as people read them.
enum ReviewText {
    /// Ends in a line feed.
    static func list(_ entries: [ReviewPage.Entry], now: Date) -> String {
        guard !entries.isEmpty else { return "Nothing waits for a person.\n" }
        var table = TextTable()
        table.add("REQUEST", "ORGANIZATION", "REASON", "PROPOSAL", "AGE", "DEADLINE")
        for entry in entries {
            table.add(
                "\(entry.id)", PrintableText.of(entry.organization), PrintableText.of(entry.review.reason),
                word(entry.review.proposal),
                Duration(clampingSeconds: now.timeIntervalSince(entry.review.requestedAt)).age,
                deadline(entry.review, now))
        }
        var lines = table.lines
        // What is doubtful is a sentence: below its row.
        for (index, entry) in entries.enumerated().reversed() {
            lines.insert(
                contentsOf: PrintableText.lines(of: entry.review.explanation ?? "", indent: "  "), at: index + 2)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func deadline(_ review: ReviewView, _ now: Date) -> String {
        let left = Duration(clampingSeconds: review.deadline.timeIntervalSince(now))
        let time =
            left > .zero ? "in \(left.age)" : "OVERDUE for \((.zero - left).age)"
        return "\(time), then \(word(review.fallback)) (\(Timestamp.string(review.deadline)))"
    }

    private static func word(_ acceptance: Bool?) -> String {
        acceptance.map { ($0 ? ReviewAnswer.accept : .decline).rawValue } ?? "?"
    }
}
