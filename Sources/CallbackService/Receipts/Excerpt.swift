import Contracts
import Foundation
import ServiceRuntime

/// How a partner's answer begins, for the operator who has to find out what it did not like: without the secrets that
/// the partner was sent, and without e-mail addresses and telephone numbers.
struct Excerpt: Sendable {
    static let mark = "[redacted]"
    static let longest = CallbackAttempted.longestExcerpt

    /// The longest first, so that one that is part of another leaves nothing behind.
    private let secrets: [String]

    init(_ partner: Partner) {
        var secrets: Set<String> = []
        for secret in partner.headers.map(\.value) { secrets.insert(secret.revealed) }
        for secret in partner.signingSecrets {
            secrets.insert(secret.text.revealed)
            secrets.insert(String(secret.text.revealed.dropFirst(SigningSecret.prefix.count)))
        }
        if let authorization = partner.authorization?.revealed {
            secrets.insert(authorization)
            // The scheme's name is no secret, what follows is; of `Basic`, what it encodes, too (RFC 7617).
            if let space = authorization.firstIndex(of: " ") {
                let credentials = authorization[authorization.index(after: space)...]
                secrets.insert(String(credentials))
                if let plain = Data(base64Encoded: String(credentials)).map({ String(decoding: $0, as: UTF8.self) }) {
                    secrets.insert(plain)
                    if let colon = plain.firstIndex(of: ":") {
                        secrets.insert(String(plain[plain.index(after: colon)...]))
                    }
                }
            }
        }
        for secret in secrets {
            secrets.insert(secret.replacing("/", with: "\\/"))
            secrets.insert(secret.replacing("\"", with: "\\\""))
            secrets.insert(URLTemplate.percentEncoded(secret))
        }
        // A value such as `1` or `json` is no secret, and would leave nothing of the text.
        self.secrets = secrets.filter { $0.count >= 5 }.sorted { ($0.count, $0) > ($1.count, $1) }
    }

    /// - Returns: `nil` when there is no text.
    func of(_ answer: AnswerBody) -> String? {
        // Enough that nothing which reaches over the end of the excerpt is seen in part.
        let longestSecret = secrets.first?.utf8.count ?? 0
        let text = redact(answer.text(upTo: Self.longest + max(longestSecret, 512)))
        let shown = AnswerBody(bytes: Array(text.utf8)).text(upTo: Self.longest)
        return shown.isEmpty ? nil : shown
    }

    /// Without secrets, contact data and control characters.
    func redact(_ text: String) -> String { ContactData.redact(redactSecrets(text), mark: Self.mark) }

    func redactSecrets(_ text: String) -> String {
        secrets.reduce(text) { $0.replacing($1, with: Self.mark) }
    }
}
