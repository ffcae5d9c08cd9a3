import Contracts
import Crypto
import Foundation
import HTTPTypes
import NIOCore
import Terminal

/// How a partner finds out that a callback is from whom it should be from: the scheme of Standard Webhooks
/// (standardwebhooks.com), written for this side from the standard and not from what Intake does.
struct CallbackSignatures: Sendable {
    /// How far a callback's time may be from here: a copy of an old one is none.
    static let tolerance = 300

    private let keys: [SymmetricKey]

    /// - Parameter secrets: `whsec_…`, any of which is good.
    /// - Throws: `CommandError`, which does not repeat a secret.
    init(secrets: [String]) throws(CommandError) {
        var keys: [SymmetricKey] = []
        for (number, secret) in zip(1..., secrets) {
            guard secret.hasPrefix("whsec_"), let bytes = Data(base64Encoded: Self.padded(secret.dropFirst(6))),
                (24...64).contains(bytes.count)
            else {
                throw CommandError("signing secret \(number) is not whsec_ and the base64 of 24 to 64 bytes")
            }
            keys.append(SymmetricKey(data: bytes))
        }
        self.keys = keys
    }

    /// Some tools leave the padding out.
    private static func padded(_ base64: Substring) -> String {
        base64 + String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
    }

    /// What a callback's signature is worth.
    enum Verdict: Sendable, Equatable {
        case verified
        /// One of the three headers is not there.
        case missing
        /// No signature is by a known secret, or the time is none, or too far from here.
        case wrong
    }

    func verdict(_ headers: HTTPFields, _ body: ByteBuffer, now: Date) -> Verdict {
        guard let id = Self.value("webhook-id", headers), let time = Self.value("webhook-timestamp", headers),
            let signatures = Self.value("webhook-signature", headers)
        else { return .missing }
        guard let seconds = Int64(foreign: time, in: 0...Int64(Int32.max) * 1000),
            abs(now.timeIntervalSince1970 - Double(seconds)) <= Double(Self.tolerance)
        else { return .wrong }
        let signed = Array("\(id).\(time).".utf8) + body.readableBytesView
        let isBySomeKey = signatures.split(separator: " ").contains { entry in
            guard entry.hasPrefix("v1,"), let code = Data(base64Encoded: String(entry.dropFirst(3))) else {
                return false
            }
            return keys.contains { HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed, using: $0) }
        }
        return isBySomeKey ? .verified : .wrong
    }

    private static func value(_ name: String, _ headers: HTTPFields) -> String? {
        HTTPField.Name(name).flatMap { headers[$0] }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Of a file with one a line.
    /// - Throws: `CommandError` when it cannot be read or has none.
    static func secrets(inFile path: String) throws(CommandError) -> [String] {
        guard let content = FileManager.default.contents(atPath: path),
            let text = String(validating: content, as: UTF8.self)
        else { throw CommandError("\(path) cannot be read") }
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        let secrets = lines.filter { !$0.isEmpty }
        guard !secrets.isEmpty else { throw CommandError("\(path) has no signing secret in it") }
        return secrets
    }
}
