import Contracts
import Crypto
import Foundation
import Testing

@testable import OpenIDConnect

@Suite struct SignInAttemptTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    @Test func allOfItFollowsFromWhatTheBrowserKeeps() throws {
        let attempt = SignInAttempt(for: "desk chapter", at: Self.now)
        let back = try #require(SignInAttempt(cookie: attempt.cookie, for: "desk chapter", at: Self.now + 599))
        #expect(back == attempt && back.matches(state: attempt.state))
        #expect(Set([attempt.state, attempt.nonce, attempt.verifier, attempt.challenge]).count == 4)
        for text in [attempt.state, attempt.nonce, attempt.challenge] {
            #expect(!attempt.cookie.contains(text) && !attempt.verifier.contains(text))
        }
        // RFC 7636, section 4.1.
        #expect((43...128).contains(attempt.verifier.utf8.count))
        #expect(SignInAttempt(for: "desk chapter", at: Self.now).state != attempt.state)
    }

    /// RFC 7636, appendix B.
    @Test func theChallengeIsTheVerifiersHash() {
        let hash = SHA256.hash(data: Array("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".utf8))
        #expect(Base64URL.encode(Array(hash)) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    @Test func anotherOneIsNone() throws {
        let attempt = SignInAttempt(for: "desk chapter", at: Self.now)
        // One for another provider or room has another state.
        for purpose in ["desk other", "console chapter", ""] {
            let other = try #require(SignInAttempt(cookie: attempt.cookie, for: purpose, at: Self.now))
            #expect(!other.matches(state: attempt.state) && other.nonce != attempt.nonce, "\(purpose)")
        }
        for state in ["", attempt.state + "0", String(attempt.state.dropLast()), attempt.nonce] {
            #expect(!attempt.matches(state: state))
        }
        #expect(SignInAttempt(cookie: attempt.cookie, for: "desk chapter", at: Self.now + 601) == nil)
        #expect(SignInAttempt(cookie: attempt.cookie, for: "desk chapter", at: Self.now - 3) == nil)
        let secret = attempt.cookie.prefix(64)
        for cookie in [
            "", ".", "\(secret)", "\(secret).", "\(secret).x", "\(secret).-1", "\(secret).1.2", "x.1800000000",
            "\(secret).99999999999999999999999", "\(secret.dropLast())g.1800000000", "\(secret).9223372036854775807",
        ] { #expect(SignInAttempt(cookie: cookie, for: "desk chapter", at: Self.now) == nil, "\(cookie)") }
        // A time that was made younger is another attempt.
        let younger = try #require(
            SignInAttempt(cookie: "\(secret).1800000500", for: "desk chapter", at: Self.now + 900))
        #expect(!younger.matches(state: attempt.state))
    }

    @Test func base64HasOneTextForOneValue() {
        for count in 0..<40 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + count) }
            #expect(Base64URL.decode(Base64URL.encode(bytes).utf8) == bytes)
        }
        #expect(Base64URL.encode([0xFF, 0xEF]) == "_-8")
        for text in ["A", "AB", "AAB", "AA==", "A+", "A/", "AA ", "é", "AAAAA"] {
            #expect(Base64URL.decode(text.utf8) == nil, "\(text)")
        }
    }
}
