import Contracts
import Foundation

/// A dead letter as people read it.
enum DeadLetterText {
    /// Ends in a line feed.
    static func of(_ letter: DeadLetterEntry) -> String {
        var table = TextTable()
        table.add("message", letter.messageId.canonical)
        table.add("request", letter.requestId?.canonical ?? "names none")
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
