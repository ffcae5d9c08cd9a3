import Contracts
import Foundation
import ServiceRuntime
import Testing

@testable import CallbackService

@Suite struct ExcerptTests {
    private static let secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"

    private func excerpt(_ text: String, authorization: String? = nil) throws -> String? {
        let partner = try Partner.fixture(
            authorization: authorization, headers: [.init(name: "X-Portal-Key", value: Secret("p0rtal/k3y"))],
            signingSecrets: [try SigningSecret(Self.secret)])
        return Excerpt(partner).of(AnswerBody(bytes: Array(text.utf8)))
    }

    @Test(arguments: [
        ("unknown serial 4711", "unknown serial 4711"),
        ("key p0rtal/k3y is bad", "key [redacted] is bad"),
        (#"{"key":"p0rtal\/k3y"}"#, #"{"key":"[redacted]"}"#),
        ("?key=p0rtal%2Fk3y", "?key=[redacted]"),
        ("secret \(secret)!", "secret [redacted]!"),
        ("secret \(secret.dropFirst(6))!", "secret [redacted]!"),
        ("token t0ken-0123 refused", "token [redacted] refused"),
        ("Bearer t0ken-0123 refused", "[redacted] refused"),
        ("ask jane.doe+help@example.org, or", "ask [redacted], or"),
        ("mail=jane%40example.org&x", "[redacted]&x"),
        ("<zoë@exämple.org>", "<[redacted]>"),
        ("call +1 (212) 555-0123 now", "call [redacted] now"),
        ("call 212-555-0123.", "call [redacted]."),
        ("tel 2125550123", "tel [redacted]"),
        ("in 2026 at 10:30, error 12", "in 2026 at 10:30, error 12"),
        ("id e7020304-0506-5708-890a-0b0c0d0e0f10", "id e7020304-0506-5708-890a-0b0c0d0e0f10"),
        ("a @ b", "a @ b"),
        ("one\u{1B}[31mtwo\u{7F}\r\nthree", "one [31mtwo  \nthree"),
    ])
    func secretsAndContactDataAreLeftOut(text: String, expected: String) throws {
        #expect(try excerpt(text, authorization: "Bearer t0ken-0123") == expected)
    }

    @Test func whatBasicEncodesIsASecretToo() throws {
        let authorization = "Basic \(Data("intake:p4ssw0rd".utf8).base64EncodedString())"
        #expect(try excerpt("user intake:p4ssw0rd", authorization: authorization) == "user [redacted]")
        #expect(try excerpt("password p4ssw0rd", authorization: authorization) == "password [redacted]")
    }

    @Test func nothingHasNoExcerpt() throws {
        #expect(try excerpt("") == nil)
    }

    @Test func itIsCutBetweenCharacters() throws {
        let long = try #require(try excerpt(String(repeating: "火", count: 3000)))
        #expect(long.utf8.count <= CallbackAttempted.longestExcerpt)
        #expect(long.allSatisfy { $0 == "火" } && long.count == 682)
        let broken = Excerpt(try Partner.fixture()).of(AnswerBody(bytes: [0x4F, 0x4B, 0xFF, 0xFE]))
        #expect(broken == "OK\u{FFFD}\u{FFFD}")
    }

    /// Wherever the cut is, no part of a secret or an address is seen.
    @Test(arguments: Array(stride(from: 2000, through: 2060, by: 3)))
    func theCutShowsNoPartOfASecret(padding: Int) throws {
        let text = try #require(
            try excerpt(String(repeating: ".", count: padding) + "\(Self.secret) jane@example.org 212-555-0123"))
        #expect(!text.contains("whsec") && !text.contains("AAEC") && !text.contains("jane") && !text.contains("555"))
    }
}
