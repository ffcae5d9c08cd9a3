import Contracts
import Crypto
import CryptoExtras
import Foundation
import TestSupport
import Testing

@testable import OpenIDConnect

/// What an ID token must be to be believed (OpenID Connect Core 1.0, section 3.1.3.7; RFC 8725).
@Suite struct IDTokenTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    private static let verifier = IDTokenVerifier(
        issuer: "https://login.example", clientID: "intake", nonce: "n-1", now: now)

    private static func payload(_ others: [String: String?] = [:]) -> String {
        var members = [
            "iss": #""https://login.example""#, "sub": #""ada-1""#, "aud": #""intake""#, "nonce": #""n-1""#,
            "iat": "1800000000", "exp": "1800000300", "groups": #"["a",{"b":"c"}]"#,
        ]
        for (name, value) in others { members[name] = value }
        return "{\(members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ","))}"
    }

    private static func keys(_ keys: String...) throws -> KeySet {
        try KeySet.parse(Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8))
    }

    private static func fault(
        _ token: String, by keys: KeySet? = nil, _ verifier: IDTokenVerifier = verifier
    ) async throws -> IDTokenFault? {
        let keys = try keys ?? Self.keys(SigningKey.usual.jwk())
        do throws(IDTokenFault) {
            _ = try await verifier.verify(token, by: keys)
            return nil
        } catch { return error }
    }

    private static let header = #"{"alg":"ES256","kid":"k","typ":"JWT"}"#

    private static func signed(_ others: [String: String?] = [:], header: String = header) throws -> String {
        try SigningKey.usual.token(header, payload(others))
    }

    @Test func agoodOneTellsWhoItIs() async throws {
        let claims = try await Self.verifier.verify(
            Self.signed(["email": #""ada@chapter.example""#]), by: Self.keys(SigningKey.usual.jwk()))
        #expect(claims.subject == "ada-1" && claims.text(["email"]) == "ada@chapter.example")
        #expect(claims[["groups"]] != nil && claims[["groups", "b"]] == nil && claims[["none"]] == nil)
    }

    @Test(arguments: SigningAlgorithm.allCases) func eachAlgorithmIsTakenFromItsOwnKeysAlone(
        _ algorithm: SigningAlgorithm
    )
        async throws
    {
        let rsa = try #require(SigningKey.rsa2048)
        let all: [String: SigningKey] = [
            "ES256": .usual, "ES384": .p384(.init()), "ES512": .p521(.init()), "EdDSA": .ed25519(.init()),
        ]
        let key = all[algorithm.rawValue] ?? rsa
        let header = #"{"alg":"\#(algorithm.rawValue)","kid":"k"}"#
        let token = try key.token(header, Self.payload(), algorithm: algorithm.rawValue)
        #expect(try await Self.fault(token, by: Self.keys(key.jwk())) == nil)
        #expect(
            try await Self.fault(token, by: Self.keys(key.jwk(#""kid":"k","alg":"\#(algorithm.rawValue)""#))) == nil)
        for other in SigningAlgorithm.allCases where other != algorithm {
            // A key that says what it is for is for nothing else.
            let bound = try Self.keys(key.jwk(#""kid":"k","alg":"\#(other.rawValue)""#))
            #expect(try await Self.fault(token, by: bound) == .unknownKey, "\(other)")
            // A token cannot say another algorithm than it was signed by.
            let lying = try key.token(
                #"{"alg":"\#(other.rawValue)","kid":"k"}"#, Self.payload(), algorithm: algorithm.rawValue)
            let fault = try await Self.fault(lying, by: Self.keys(key.jwk()))
            #expect(fault == .unknownKey || fault == .signature, "\(other)")
        }
    }

    /// `none`, and the public key as if it were a secret that both know (RFC 8725, sections 2.1 and 2.2).
    @Test func whatAnybodyCouldSignIsRefused() async throws {
        let rsa = try #require(SigningKey.rsa2048)
        let keys = try Self.keys(rsa.jwk(), SigningKey.usual.jwk(#""kid":"e""#))
        for name in ["none", "None", "NONE", "nOnE", "", "HS256", "HS384", "HS512", "RS1", "ES256K", "rs256"] {
            let header = #"{"alg":"\#(name)","kid":"k"}"#
            let parts = "\(SigningKey.base64(Data(header.utf8))).\(SigningKey.base64(Data(Self.payload().utf8)))"
            #expect(try await Self.fault(parts + ".", by: keys) == .algorithm, "\(name)")
            for secret in [rsa.pem, try rsa.jwk(), "secret", ""] {
                let token = SigningKey.shared(Data(secret.utf8), header, Self.payload())
                #expect(try await Self.fault(token, by: keys) == .algorithm, "\(name)")
            }
        }
        let absent = SigningKey.shared(Data("secret".utf8), #"{"kid":"k"}"#, Self.payload())
        #expect(try await Self.fault(absent, by: keys) == .algorithm)
        // A key in a header of the token's own, or where it says, is nobody's.
        let own = SigningKey.p256(.init())
        let jwk = try own.jwk()
        for header in [
            #"{"alg":"ES256","kid":"k","jwk":\#(jwk)}"#, #"{"alg":"ES256","jwk":\#(jwk)}"#,
            #"{"alg":"ES256","kid":"e","jku":"https://evil.example/keys"}"#,
        ] {
            let fault = try await Self.fault(own.token(header, Self.payload()), by: keys)
            #expect(fault == .signature || fault == .unknownKey, "\(header)")
        }
    }

    @Test func oneThatWasChangedIsRefused() async throws {
        let token = try Self.signed()
        let parts = token.split(separator: ".").map(String.init)
        let other = SigningKey.base64(Data(Self.payload(["sub": #""eve""#]).utf8))
        #expect(try await Self.fault("\(parts[0]).\(other).\(parts[2])") == .signature)
        let header = SigningKey.base64(Data(#"{"alg":"ES256","kid":"k","x":1}"#.utf8))
        #expect(try await Self.fault("\(header).\(parts[1]).\(parts[2])") == .signature)
        #expect(try await Self.fault("\(parts[0]).\(parts[1]).") == .signature)
        #expect(try await Self.fault(SigningKey.p256(.init()).token(Self.header, Self.payload())) == .signature)
        // Another text for the same bytes, and what is no text for bytes.
        for text in [
            "", ".", "..", "a.b", "a.b.c.d", token + ".", token + "=", token + " ", "\(parts[0]).\(parts[1])",
            "\(parts[0])=.\(parts[1]).\(parts[2])", token.replacing("_", with: "/") + "+",
            SigningKey.base64(Data("[]".utf8)) + ".\(parts[1]).\(parts[2])", "\(parts[0]).bnVsbA.\(parts[2])",
            String(repeating: "A", count: 1 << 20), token + String(repeating: "A", count: IDTokenVerifier.longest),
        ] { #expect(try await Self.fault(text) == .malformed, "\(text.prefix(80))") }
    }

    @Test func aNameThatIsThereTwiceIsRefused() async throws {
        let payload = String(Self.payload().dropLast()) + #","sub":"eve"}"#
        #expect(try await Self.fault(SigningKey.usual.token(Self.header, payload)) == .malformed)
        let header = #"{"alg":"ES256","alg":"none","kid":"k"}"#
        #expect(try await Self.fault(SigningKey.usual.token(header, Self.payload())) == .malformed)
    }

    @Test(arguments: [
        (#"{"alg":"ES256","kid":"k","crit":["exp"]}"#, IDTokenFault.critical),
        (#"{"alg":"ES256","kid":"k","crit":[]}"#, .critical),
        (#"{"alg":"ES256","kid":"k","typ":"at+jwt"}"#, .malformed), (#"{"alg":"ES256","kid":"k","typ":7}"#, .malformed),
        (#"{"alg":"ES256","kid":7}"#, .malformed), (#"{"alg":"ES256","kid":"../../etc/passwd"}"#, .unknownKey),
        (#"{"alg":["ES256"],"kid":"k"}"#, .algorithm), (#"{"alg":"RS256","kid":"k"}"#, .unknownKey),
        ("[]", .malformed), ("", .malformed), ("{", .malformed),
    ])
    func headersThatAreNoneAreRefused(_ header: String, _ expected: IDTokenFault) async throws {
        #expect(try await Self.fault(Self.signed(header: header)) == expected)
    }

    /// Without an id there must be no choice (Core, section 10.1).
    @Test func withoutAnIdThereIsOneKeyOrNone() async throws {
        let token = try Self.signed(header: #"{"alg":"ES256"}"#)
        let rsa = try #require(SigningKey.rsa2048)
        #expect(try await Self.fault(token, by: Self.keys(SigningKey.usual.jwk(), rsa.jwk())) == nil)
        let another = SigningKey.p256(.init())
        #expect(
            try await Self.fault(token, by: Self.keys(SigningKey.usual.jwk(), another.jwk(#""kid":"l""#)))
                == .unknownKey)
        #expect(
            try await Self.fault(Self.signed(), by: Self.keys(SigningKey.usual.jwk(), another.jwk())) == .unknownKey)
    }

    @Test(
        arguments: [
            (["iss": #""https://login.example/""#], IDTokenFault.issuer), (["iss": nil], .issuer),
            (["iss": "7"], .issuer),
            (["iss": #""https://LOGIN.example""#], .issuer), (["iss": #"["https://login.example"]"#], .issuer),
            (["aud": #""other""#], .audience), (["aud": nil], .audience), (["aud": "[]"], .audience),
            (["aud": #"["other"]"#], .audience), (["aud": #"["intake",7]"#], .audience),
            (["aud": #"["intake","other"]"#], .audience), (["aud": #"["intake"]"#], nil),
            (["aud": #"["other","intake"]"#, "azp": #""intake""#], nil),
            (["aud": #"["other","intake"]"#, "azp": #""other""#], .audience), (["azp": #""other""#], .audience),
            (["azp": #""intake""#], nil), (["aud": #""Intake""#], .audience),
            (["nonce": #""n-2""#], .nonce), (["nonce": nil], .nonce), (["nonce": #""""#], .nonce),
            (["nonce": #"["n-1"]"#], .nonce), (["nonce": #""n-1 ""#], .nonce),
            (["sub": nil], .claims), (["sub": #""""#], .claims), (["sub": "7"], .claims),
        ] as [([String: String?], IDTokenFault?)])
    func itIsOursAndOfThisSignIn(_ others: [String: String?], _ expected: IDTokenFault?) async throws {
        #expect(try await Self.fault(Self.signed(others)) == expected)
    }

    /// A minute for clocks that differ, to the second.
    @Test(
        arguments: [
            (["exp": "1799999941"], nil), (["exp": "1799999940"], IDTokenFault.expired), (["exp": "0"], .expired),
            (["exp": "-1"], .expired), (["exp": "1799999940.5"], nil), (["exp": nil], .claims),
            (["exp": #""1800000300""#], .claims), (["exp": "1e400"], .claims), (["exp": "1e300"], nil),
            (["exp": "null"], .claims), (["exp": "-1e308"], .expired),
            (["iat": "1800000060"], nil), (["iat": "1800000061"], .early), (["iat": "1e300"], .early),
            (["iat": "1799999340"], nil), (["iat": "1799999339"], .old), (["iat": "-1e308"], .old),
            (["iat": nil], .claims), (["iat": "true"], .claims),
            (["nbf": "1800000060"], nil), (["nbf": "1800000061"], .early), (["nbf": #""x""#], .claims),
        ] as [([String: String?], IDTokenFault?)])
    func itIsOfThisTime(_ others: [String: String?], _ expected: IDTokenFault?) async throws {
        #expect(try await Self.fault(Self.signed(others)) == expected)
    }
}
