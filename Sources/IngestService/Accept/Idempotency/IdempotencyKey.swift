import Crypto
import HTTPListener
import HTTPTypes

/// What a client names its try by, so that it may send it again (draft-ietf-httpapi-idempotency-key-header).
struct IdempotencyKey: Sendable, Hashable {
    /// The SHA-256 of the key: clients make keys of anything, and what stands in a store should say nothing.
    let digest: [UInt8]

    /// - Returns: `nil` when there is no such header.
    /// - Throws: `Problem` with status 400 for more than one, and for what is not 1 to 255 visible ASCII characters, with or
    ///   without the quotes of a structured field's string (RFC 9651, 3.3.3).
    static func of(_ headers: HTTPFields) throws(Problem) -> IdempotencyKey? {
        let values = headers[values: .idempotencyKey]
        guard let value = values.first else { return nil }
        guard values.count == 1, let text = unquoted(Array(value.utf8)), (1...255).contains(text.count),
            text.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw .badIdempotencyKey }
        return IdempotencyKey(digest: Array(SHA256.hash(data: text)))
    }

    /// `nil` for quotes that do not fit.
    private static func unquoted(_ value: [UInt8]) -> [UInt8]? {
        let quote = UInt8(ascii: "\"")
        let backslash = UInt8(ascii: "\\")
        guard value.first == quote else { return value }
        guard value.count >= 2, value.last == quote else { return nil }
        var text: [UInt8] = []
        var isEscaped = false
        for byte in value.dropFirst().dropLast() {
            if isEscaped {
                guard byte == quote || byte == backslash else { return nil }
                isEscaped = false
            } else if byte == backslash {
                isEscaped = true
                continue
            } else if byte == quote {
                return nil
            }
            text.append(byte)
        }
        return isEscaped ? nil : text
    }
}

extension HTTPField.Name {
    /// The names are valid tokens, so that these cannot fail.
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
    static let idempotencyReplayed = HTTPField.Name("Idempotency-Replayed")!
}
