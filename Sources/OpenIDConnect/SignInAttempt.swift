import Contracts
import Crypto

package import struct Foundation.Date

/// One browser's way to a provider and back. All that the protocol wants kept follows from a secret that the browser
/// alone holds, in a cookie: nothing is stored for those who never come back.
///
/// - `state` ties the answer to the browser that asked (RFC 6749, section 10.12; RFC 9700, section 4.7).
/// - `nonce` ties the ID token to it (OpenID Connect Core 1.0, section 15.5.2).
/// - `verifier` ties the code to it (RFC 7636): who has seen the code alone can do nothing with it.
///
/// Each is a hash of its own, so that none of them, which others see, tells another.
package struct SignInAttempt: Sendable, Equatable {
    package static let lifetime = Duration.seconds(600)

    /// What the browser keeps.
    package let cookie: String
    package let state: String
    package let nonce: String
    package let verifier: String
    /// By which it is known when it was used already.
    package let hash: [UInt8]

    /// - Parameter purpose: where, and by which provider: an attempt for one is none for another (RFC 9700, section
    ///   4.4, "mix-up").
    package init(for purpose: String, at now: Date) {
        var generator = SystemRandomNumberGenerator()
        let secret = HexDigit.text((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
        let seconds = Int64(clamping: Duration(clampingSeconds: now.timeIntervalSince1970).components.seconds)
        self.init(secret: secret, seconds: seconds, purpose: purpose)
    }

    /// One that came back.
    /// - Returns: `nil` for what is none, or is older than ten minutes.
    package init?(cookie: some StringProtocol, for purpose: String, at now: Date) {
        let parts = cookie.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 64,
            parts[0].utf8.allSatisfy({ HexDigit.value($0) != nil }),
            let seconds = Int64(foreign: parts[1], in: 0...100_000_000_000)
        else { return nil }
        let age = now.timeIntervalSince1970 - Double(seconds)
        // A second's rounding; a clock that was set back.
        guard age >= -2, age <= Double(Self.lifetime.components.seconds) else { return nil }
        self.init(secret: String(parts[0]), seconds: seconds, purpose: purpose)
    }

    private init(secret: String, seconds: Int64, purpose: String) {
        cookie = "\(secret).\(seconds)"
        func derived(_ name: String) -> [UInt8] {
            Array(SHA256.hash(data: Array("\(name) of \(purpose) \(secret).\(seconds)".utf8)))
        }
        state = HexDigit.text(derived("state"))
        nonce = HexDigit.text(derived("nonce"))
        verifier = HexDigit.text(derived("verifier"))
        hash = derived("hash")
    }

    /// RFC 7636, section 4.2, `S256`.
    var challenge: String { Base64URL.encode(Array(SHA256.hash(data: Array(verifier.utf8)))) }

    package func matches(state given: String) -> Bool { ConstantTime.isEqual(given, state) }
}
