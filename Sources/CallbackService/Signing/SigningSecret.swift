import Crypto
import Foundation
import ServiceRuntime

/// A key that callbacks are signed with, as Standard Webhooks has it (standardwebhooks.com, "Signature scheme").
///
/// Written as `whsec_` and the base64 of 24 to 64 random bytes.
struct SigningSecret: Sendable, Equatable {
    static let prefix = "whsec_"
    static let lengths = 24...64

    /// As it was given, for whoever must keep it out of sight.
    let text: Secret
    /// The first eight digits of its SHA-256, as `printf %s "$secret" | sha256sum` has them.
    let id: String
    private let key: SymmetricKey

    /// - Throws: `Problem`, which does not repeat the text.
    init(_ text: String) throws(Problem) {
        guard text.hasPrefix(Self.prefix) else { throw Problem("does not start with \(Self.prefix)") }
        var base64 = String(text.dropFirst(Self.prefix.count))
        // Some tools leave the padding out, and the standard's own libraries take that.
        base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard let bytes = Data(base64Encoded: base64) else {
            throw Problem("is not base64 after \(Self.prefix)")
        }
        guard Self.lengths.contains(bytes.count) else {
            throw Problem("has \(bytes.count) bytes, not \(Self.lengths.lowerBound) to \(Self.lengths.upperBound)")
        }
        self.text = Secret(text)
        id = SHA256.hash(data: Data(text.utf8)).prefix(4).map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0\(digits)" : digits
        }.joined()
        key = SymmetricKey(data: bytes)
    }

    /// A new one of 32 random bytes.
    init() {
        let key = SymmetricKey(size: .bits256)
        let base64 = key.withUnsafeBytes { Data($0).base64EncodedString() }
        do { self = try SigningSecret(Self.prefix + base64) } catch {
            preconditionFailure("a secret just made: \(error)")
        }
    }

    /// The signature of one message.
    /// - Parameters:
    ///   - id: the `webhook-id`.
    ///   - timestamp: the `webhook-timestamp`, seconds since 1970.
    /// - Returns: one entry of `webhook-signature`.
    func signature(id: String, timestamp: Int, body: some Sequence<UInt8>) -> String {
        var signed = Array("\(id).\(timestamp).".utf8)
        signed.append(contentsOf: body)
        let code = HMAC<SHA256>.authenticationCode(for: signed, using: key)
        return "v1,\(Data(code).base64EncodedString())"
    }

    static func == (left: SigningSecret, right: SigningSecret) -> Bool { left.text == right.text }

    /// What is wrong with a secret; reads after its place in the file.
    struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }
}
