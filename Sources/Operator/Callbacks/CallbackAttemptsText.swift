import Contracts
import Terminal

/// The attempts to tell a partner, as people read them.
enum CallbackAttemptsText {
    /// Ends in a line feed.
    static func of(_ callbacks: CallbackAttempts) -> String {
        var lines = ["request \(callbacks.request.canonical) of \(callbacks.provider)"]
        if let notification = callbacks.notification { lines.append(text(notification)) }
        if let endpoint = callbacks.endpoint { lines.append(text(endpoint)) }
        lines.append("")
        lines += callbacks.attempts.isEmpty ? ["No attempts yet."] : attempts(callbacks.attempts)
        // What partners answer must not steer a terminal.
        return lines.map(PrintableText.of).joined(separator: "\n") + "\n"
    }

    private static func text(_ notification: CallbackAttempts.Notification) -> String {
        if let summary = notification.summary { return "\(notification.status): \(summary)" }
        guard let next = notification.nextAttemptAt else { return notification.status }
        return "\(notification.status), next at \(Timestamp.string(next))"
    }

    private static func text(_ endpoint: CallbackAttempts.Endpoint) -> String {
        let since = endpoint.degradedSince.map { " since \(Timestamp.string($0))" } ?? ""
        return "the provider's endpoint is away\(since)" + (endpoint.error.map { " (\(text($0)))" } ?? "")
    }

    private static func text(_ trouble: CallbackAttempts.Trouble) -> String {
        trouble.code + (trouble.message.map { ": \($0)" } ?? "")
    }

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
