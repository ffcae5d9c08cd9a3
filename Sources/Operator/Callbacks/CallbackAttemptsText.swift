import AdminAPI
import Contracts
import Terminal

/// The attempts to tell a partner, as people read them.
enum CallbackAttemptsText {
    /// Ends in a line feed.
    static func of(_ callbacks: CallbackAttempts) -> String {
        var lines = ["request \(callbacks.request) of \(callbacks.provider)"]
        if let notification = callbacks.notification { lines.append(text(notification)) }
        if let endpoint = callbacks.endpoint { lines.append(text(endpoint)) }
        lines.append("")
        lines += callbacks.attempts.isEmpty ? ["No attempts yet."] : attempts(callbacks.attempts)
        // What partners answer must not steer a terminal.
        return lines.map(PrintableText.of).joined(separator: "\n") + "\n"
    }

    private static func text(_ notification: NotificationView) -> String {
        "\(notification.status): \(notification.summary)"
    }

    private static func text(_ endpoint: CallbackAttempts.Endpoint) -> String {
        "the provider's endpoint is away since \(Timestamp.string(endpoint.degradedSince)) (\(text(endpoint.error)))"
    }

    private static func text(_ error: StageError) -> String { "\(error.code): \(error.message)" }

    /// A row for each, and under it what the partner answered.
    private static func attempts(_ attempts: [CallbackAttempts.Attempt]) -> [String] {
        var table = TextTable(numeric: [1, 2, 3, 5])
        table.add("AT", "SEQUENCE", "ATTEMPT", "TOOK", "BY", "STATUS", "CAME TO")
        for attempt in attempts {
            table.add(
                Timestamp.string(attempt.at), "\(attempt.sequence)", "\(attempt.attempt)",
                attempt.durationMs.map { Duration.milliseconds($0).written } ?? "-", attempt.addressFamily ?? "-",
                attempt.httpStatus.map(String.init) ?? "-",
                attempt.delivered ? "told" : attempt.error.map(text) ?? "not told")
        }
        let rows = table.lines
        var lines = [rows[0]]
        for (row, attempt) in zip(rows.dropFirst(), attempts) {
            lines.append(row)
            if let excerpt = attempt.excerpt, !excerpt.isEmpty {
                lines += PrintableText.lines(of: excerpt, indent: "    | ")
            }
        }
        return lines
    }
}
