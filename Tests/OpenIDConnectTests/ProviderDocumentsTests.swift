import Contracts
import Crypto
import CryptoExtras
import Foundation
import TestSupport
import Testing

@testable import OpenIDConnect

/// What a provider publishes, and what is made of it when it is wrong.
@Suite struct ProviderDocumentsTests {
    private static let issuer = "https://login.example/realms/relief"

    private static func document(_ others: [String: String?] = [:]) -> String {
        var members = [
            "issuer": #""\#(issuer)""#, "authorization_endpoint": #""https://login.example/authorize""#,
            "token_endpoint": #""https://login.example/token""#, "jwks_uri": #""https://login.example/keys""#,
        ]
        for (name, value) in others { members[name] = value }
        return "{\(members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ","))}"
    }

    private static func parse(_ text: String) -> Result<ProviderMetadata, OpenIDFailure> {
        do throws(OpenIDFailure) {
            return .success(try ProviderMetadata.parse(Array(text.utf8), issuer: issuer))
        } catch { return .failure(error) }
    }

    @Test func theIssuersPathStaysBeforeTheDocuments() {
        #expect(ProviderMetadata.address(of: Self.issuer) == Self.issuer + "/.well-known/openid-configuration")
        #expect(
            ProviderMetadata.address(of: "https://login.example/")
                == "https://login.example/.well-known/openid-configuration")
    }

    @Test func agoodOneIsTaken() throws {
        let metadata = try Self.parse(Self.document()).get()
        #expect(metadata.authentication == .basic && metadata.userInfoEndpoint == nil && !metadata.namesItself)
        let other = try Self.parse(
            Self.document([
                "token_endpoint_auth_methods_supported": #"["private_key_jwt","client_secret_post"]"#,
                "userinfo_endpoint": #""https://api.example/me?v=1""#, "end_session_endpoint": "null",
                "authorization_response_iss_parameter_supported": "true",
            ])
        ).get()
        #expect(other.authentication == .post && other.namesItself && other.endSessionEndpoint == nil)
        #expect(other.userInfoEndpoint == "https://api.example/me?v=1")
    }

    /// Discovery, section 4.3; RFC 8414, section 3.3.
    @Test(
        arguments: [
            #""https://login.example/realms/relief/""#, #""https://login.example""#,
            #""http://login.example/realms/relief""#,
            #""https://LOGIN.example/realms/relief""#, "null", "7", nil,
        ] as [String?])
    func anothersDocumentIsRefused(_ issuer: String?) {
        #expect(Self.parse(Self.document(["issuer": issuer])) == .failure(.answer(.issuer)))
    }

    @Test(arguments: [
        "authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint",
    ])
    func anEndpointThatMayNotBeAskedIsRefused(_ name: String) {
        for value in [
            #""http://login.example/x""#, #""javascript:alert(1)""#, #""https://user:pw@login.example/""#,
            #""https://login.example/#x""#, #""//login.example/x""#, #""/x""#, #""""#, #""https:///x""#, "7", "[]",
            #""https://login.example/\r\nSet-Cookie: a=b""#, #""https://login.example/a b""#,
            #""https://login.example\\@evil.example/""#, #""file:///etc/passwd""#, #""ftp://login.example/""#,
            "\"https://login.example/\(String(repeating: "x", count: 3000))\"", #""data:text/html,x""#,
        ] {
            #expect(Self.parse(Self.document([name: value])) == .failure(.answer(.endpoint)), "\(value)")
        }
    }

    @Test func oneThatLacksWhatIsNeededIsRefused() {
        for name in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
            #expect(Self.parse(Self.document([name: nil])) == .failure(.answer(.endpoint)))
        }
        let ways = ["token_endpoint_auth_methods_supported": #"["tls_client_auth"]"#]
        #expect(Self.parse(Self.document(ways)) == .failure(.answer(.clientAuthentication)))
        for text in ["", "{", "[]", "null", "<html>", #"{"issuer":"a","issuer":"a"}"#, "\u{0}"] {
            #expect(Self.parse(text) == .failure(.answer(.notJSON)), "\(text)")
        }
    }

    @Test func keysThatAreForSomethingElseArePassedOver() throws {
        let rsa = try #require(SigningKey.rsa2048)
        let small = SigningKey.rsa(try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: 1024)))
        let good = try SigningKey.usual.jwk()
        let others = [
            try rsa.jwk(#""kid":"e","use":"enc""#), try rsa.jwk(#""kid":"o","key_ops":["encrypt"]"#),
            try small.jwk(#""kid":"s""#), #"{"kty":"oct","k":"c2VjcmV0","kid":"h"}"#, #"{"kty":"EC","kid":"n"}"#,
            good.replacing("P-256", with: "P-384"), good.replacing("P-256", with: "secp256k1"), "7", "null", "[]",
            good.replacing("\"x\":\"", with: "\"x\":\"AA"), good.replacing("\"x\":\"", with: "\"x\":\"="),
            #"{"kty":"RSA","n":"\#(String(repeating: "A", count: 100_000))","e":"AQAB","kid":"l"}"#,
            good.dropLast() + #","kid":"k"}"#,
        ]
        let text = #"{"keys":[\#((others + [good]).joined(separator: ","))]}"#
        let keys = try KeySet.parse(Array(text.utf8)).keys
        #expect(keys.count == 1 && keys.first?.id == "k")
        for text in [#"{"keys":[]}"#, #"{"keys":[\#(others[3])]}"#, #"{"keys":{}}"#, "{}"] {
            #expect(throws: OpenIDFailure.answer(.keys)) { try KeySet.parse(Array(text.utf8)) }
        }
        #expect(throws: OpenIDFailure.answer(.notJSON)) { try KeySet.parse(Array("[]".utf8)) }
    }
}
