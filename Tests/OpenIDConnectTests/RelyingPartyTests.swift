import Contracts
import Crypto
import Foundation
import HTTPExchange
import NIOCore
import ServiceRuntime
import Synchronization
import TestSupport
import Testing

@testable import OpenIDConnect

/// The whole way to a provider and back, with one that goes wrong.
@Suite(.timeLimit(.minutes(2))) struct RelyingPartyTests {
    private static let redirect = "https://intake.example/desk/sign-in/with/chapter/callback"

    private final class Clock: Sendable {
        private let state = Mutex(Date(timeIntervalSince1970: 1_800_000_000))
        var now: Date { state.withLock { $0 } }
        func advance(by seconds: Double) { state.withLock { $0 += seconds } }
    }

    private struct Stage: Sendable {
        let provider: FakeProvider
        let party: RelyingParty
        let clock: Clock

        func begin() async throws -> (attempt: SignInAttempt, address: String, code: String) {
            let attempt = SignInAttempt(for: "desk chapter", at: clock.now)
            let address = try await party.authorization(for: attempt, redirect: RelyingPartyTests.redirect)
            return (attempt, address, try provider.signIn(at: address).first?.value ?? "")
        }

        func claims(
            wanting names: Set<String> = ["email"], issuer: String? = nil
        ) async throws -> Claims {
            let (attempt, _, code) = try await begin()
            return try await party.claims(
                code: code, for: attempt, redirect: RelyingPartyTests.redirect, issuer: issuer, wanting: names)
        }

        func failure(wanting names: Set<String> = ["email"], issuer: String? = nil) async -> OpenIDFailure? {
            do {
                _ = try await claims(wanting: names, issuer: issuer)
                return nil
            } catch { return error as? OpenIDFailure }
        }
    }

    private static func with(
        secret: Secret? = Secret("s3cret&+"), patience: Int64 = 5000,
        _ body: @escaping @Sendable (Stage) async throws -> Void
    ) async throws {
        let clock = Clock()
        try await FakeProvider.serving(now: { clock.now }) { provider in
            let registration = ClientRegistration(
                issuer: provider.issuer, clientID: "intake", secret: secret, scopes: ["openid", "email"])
            let party = RelyingParty(registration, timeout: .milliseconds(patience), now: { clock.now })
            try await body(Stage(provider: provider, party: party, clock: clock))
        }
    }

    @Test func theWayThereAndBack() async throws {
        try await Self.with { stage in
            let (attempt, address, code) = try await stage.begin()
            let parts = try #require(URLComponents(string: address))
            let query = Dictionary((parts.queryItems ?? []).map { ($0.name, $0.value ?? "") }) { $1 }
            #expect(parts.path == "/authorize" && query["audience"] == "a", "the endpoint's own query stays")
            #expect(query["response_type"] == "code" && query["client_id"] == "intake")
            #expect(query["redirect_uri"] == Self.redirect && query["scope"] == "openid email")
            #expect(query["state"] == attempt.state && query["nonce"] == attempt.nonce)
            #expect(query["code_challenge"] == attempt.challenge && query["code_challenge_method"] == "S256")
            #expect(!address.contains(attempt.verifier))
            let claims = try await stage.party.claims(
                code: code, for: attempt, redirect: Self.redirect, issuer: nil, wanting: ["email"])
            #expect(claims.subject == "ada-1" && claims.text(["email"]) == "ada@chapter.example")
            let asked = try #require(stage.provider.requests(for: "/token").first)
            // RFC 6749, section 2.3.1: encoded before it is joined.
            #expect(asked.headers["authorization"] == "Basic " + Data("intake:s3cret%26%2B".utf8).base64EncodedString())
            #expect(asked.body.contains("code_verifier=\(attempt.verifier)") && !asked.body.contains("secret"))
            #expect(stage.provider.requests(for: "/userinfo").isEmpty)
            #expect(stage.party.signOut == "\(stage.provider.issuer)/end?client_id=intake")
            // The code is used up, at the provider.
            await #expect(throws: OpenIDFailure.refused("invalid_grant")) {
                try await stage.party.claims(
                    code: code, for: attempt, redirect: Self.redirect, issuer: nil, wanting: [])
            }
        }
    }

    @Test func theSecretIsShownAsTheProviderWantsIt() async throws {
        try await Self.with { stage in
            stage.provider.change { $0.metadata["token_endpoint_auth_methods_supported"] = #"["client_secret_post"]"# }
            _ = try await stage.claims()
            let asked = try #require(stage.provider.requests(for: "/token").first)
            #expect(asked.headers["authorization"] == nil && asked.body.contains("client_secret=s3cret%26%2B"))
        }
        try await Self.with(secret: nil) { stage in
            _ = try await stage.claims()
            let asked = try #require(stage.provider.requests(for: "/token").first)
            #expect(asked.headers["authorization"] == nil && asked.body.contains("client_id=intake"))
        }
    }

    /// Another browser's code does not fit this one's verifier.
    @Test func aCodeOfAnothersIsRefused() async throws {
        try await Self.with { stage in
            let (_, _, stolen) = try await stage.begin()
            let (attempt, _, _) = try await stage.begin()
            await #expect(throws: OpenIDFailure.refused("invalid_grant")) {
                try await stage.party.claims(
                    code: stolen, for: attempt, redirect: Self.redirect, issuer: nil, wanting: [])
            }
        }
    }

    @Test func newKeysAreAskedForOnceInAWhile() async throws {
        try await Self.with { stage in
            _ = try await stage.claims()
            let next = SigningKey.p256(.init())
            stage.provider.change {
                $0.key = next
                $0.header["kid"] = #""k2""#
                $0.keys = [(try? next.jwk(#""kid":"k2""#)) ?? "", (try? SigningKey.usual.jwk()) ?? ""]
            }
            // They were asked for just now.
            #expect(await stage.failure() == .token(.unknownKey))
            stage.clock.advance(by: RelyingParty.keyPause)
            _ = try await stage.claims()
            #expect(stage.provider.requests(for: "/keys").count == 2)
            _ = try await stage.claims()
            #expect(stage.provider.requests(for: "/keys").count == 2)
            #expect(stage.provider.requests(for: "/.well-known/openid-configuration").count == 1)
            // One that was taken back is good for an hour at most.
            stage.provider.change { $0.keys = [(try? SigningKey.usual.jwk()) ?? ""] }
            stage.clock.advance(by: RelyingParty.freshness)
            #expect(await stage.failure() == .token(.unknownKey))
        }
    }

    @Test func whatTheTokenDoesNotSayIsAskedFor() async throws {
        try await Self.with { stage in
            stage.provider.change {
                $0.claims["groups"] = .some(nil)
                $0.userInfo = ["groups": #"["a"]"#, "email": #""eve@evil.example""#]
            }
            let claims = try await stage.claims(wanting: ["email", "groups"])
            // What was signed counts for more.
            #expect(claims[["groups"]] == .array([.string("a")]) && claims.text(["email"]) == "ada@chapter.example")
            // Core, section 5.3.2.
            for subject in [#""eve""#, "7", nil] as [String?] {
                stage.provider.change { $0.userInfo["sub"] = .some(subject) }
                #expect(await stage.failure(wanting: ["groups"]) == .answer(.anotherSubject))
            }
        }
    }

    /// RFC 9207: whose answer it is.
    @Test func anotherProvidersAnswerIsRefused() async throws {
        try await Self.with { stage in
            #expect(await stage.failure(issuer: "https://evil.example") == .token(.issuer))
            _ = try await stage.claims(issuer: stage.provider.issuer)
        }
        try await Self.with { stage in
            stage.provider.change { $0.metadata["authorization_response_iss_parameter_supported"] = "true" }
            #expect(await stage.failure() == .token(.issuer))
            _ = try await stage.claims(issuer: stage.provider.issuer)
        }
    }

    private static let paths = ["/.well-known/openid-configuration", "/token", "/keys", "/userinfo"]

    @Test(arguments: paths) func answersThatAreNoneAreRefused(_ path: String) async throws {
        let huge = String(repeating: " ", count: 300_000)
        for (answer, expected) in [
            (FakeProvider.Answer("500 Oops", body: "<html>"), OpenIDFailure.status(500)),
            (.init("404 Not Found"), .status(404)), (.init("204 No Content"), .status(204)),
            // No redirect is followed, wherever it leads.
            (.init("302 Found", headers: ["Location: http://169.254.169.254/"]), .status(302)),
            (.init("200 OK", body: "<html>hello</html>"), .answer(.notJSON)), (.init("200 OK"), .answer(.notJSON)),
            (.init("200 OK", body: "[" + String(repeating: "[", count: 1000)), .answer(.notJSON)),
            (.init("200 OK", body: "{\(huge)}"), .answer(.tooLong)),
        ] {
            try await Self.with { stage in
                stage.provider.change { $0.answers[path] = answer }
                #expect(await stage.failure(wanting: ["other"]) == expected, "\(answer.status)")
            }
        }
        try await Self.with { stage in
            stage.provider.change { $0.endless = [path] }
            #expect(await stage.failure(wanting: ["other"]) == .answer(.tooLong))
        }
        // Nobody waits for it.
        try await Self.with(patience: 200) { stage in
            stage.provider.change { $0.silent = [path] }
            #expect(await stage.failure(wanting: ["other"]) == .unreachable(.timeout))
        }
        // The guard sees what is no HTTP at all.
        for hostile in HostileAnswer.all.filter({ $0.meaning == .none }).prefix(3) {
            try await HostilePeer.serving(hostile, good: "{}") { peer in
                let party = RelyingParty(
                    ClientRegistration(issuer: peer.url, clientID: "intake", secret: nil, scopes: ["openid"]),
                    timeout: .milliseconds(500), now: { Date() })
                let attempt = SignInAttempt(for: "x", at: Date())
                await #expect(throws: OpenIDFailure.self) {
                    try await party.authorization(for: attempt, redirect: Self.redirect)
                }
            }
        }
    }

    @Test func tokensThatAreMissingOrWrongAreRefused() async throws {
        try await Self.with { stage in
            for token in [nil, "7", "null", #"["a"]"#] as [String?] {
                stage.provider.change { $0.tokens["id_token"] = .some(token) }
                #expect(await stage.failure() == .answer(.noToken), "\(token ?? "none")")
            }
            stage.provider.change { $0.tokens["id_token"] = #""a.b.c""# }
            #expect(await stage.failure() == .token(.malformed))
            stage.provider.change { $0.tokens = [:] }
            stage.provider.change { $0.claims["nonce"] = #""another""# }
            #expect(await stage.failure() == .token(.nonce))
            // A code of the provider's is repeated, whatever else it says is not.
            for (body, code) in [
                (#"{"error":"invalid_client","error_description":"s3cret"}"#, "invalid_client"),
                (#"{"error":"<b>"}"#, "no reason given"),
                (#"{"error":"\#(String(repeating: "a", count: 65))"}"#, "no reason given"),
            ] {
                stage.provider.change { $0.answers["/token"] = .init("400 Bad Request", body: body) }
                #expect(await stage.failure() == .refused(code))
            }
            stage.provider.change { $0.answers["/token"] = .init("401 No", body: "<html>") }
            #expect(await stage.failure() == .status(401))
        }
    }

    @Test func oneThatIsDownIsLeftAloneForAWhile() async throws {
        try await Self.with { stage in
            let path = "/.well-known/openid-configuration"
            stage.provider.change { $0.answers[path] = .init("503 Away") }
            for _ in 0..<5 { #expect(await stage.failure() == .status(503)) }
            #expect(stage.provider.requests.count == 1)
            stage.provider.change { $0.answers = [:] }
            stage.clock.advance(by: RelyingParty.failurePause)
            _ = try await stage.claims()
        }
        let nobody = RelyingParty(
            ClientRegistration(issuer: "http://127.0.0.1:1", clientID: "intake", secret: nil, scopes: ["openid"]),
            now: { Date() })
        await #expect(throws: OpenIDFailure.unreachable(.connectionRefused)) {
            try await nobody.authorization(for: SignInAttempt(for: "x", at: Date()), redirect: Self.redirect)
        }
    }

    /// Whoever makes up codes makes the provider be asked so often and no more.
    @Test func madeUpCodesAreLimited() async throws {
        try await Self.with { stage in
            let (attempt, _, _) = try await stage.begin()
            @Sendable func tryOne() async -> OpenIDFailure? {
                do throws(OpenIDFailure) {
                    _ = try await stage.party.claims(
                        code: "made up", for: attempt, redirect: Self.redirect, issuer: nil, wanting: [])
                    return nil
                } catch { return error }
            }
            for _ in 0..<RelyingParty.mostFailures { #expect(await tryOne() == .refused("invalid_grant")) }
            #expect(await tryOne() == .busy)
            #expect(stage.provider.requests(for: "/token").count == RelyingParty.mostFailures)
            stage.clock.advance(by: 60)
            #expect(await tryOne() == .refused("invalid_grant"))
        }
        try await Self.with(patience: 1000) { stage in
            stage.provider.change { $0.silent = ["/token"] }
            let (attempt, _, code) = try await stage.begin()
            let failures = await withTaskGroup(of: OpenIDFailure?.self) { group in
                for _ in 0..<RelyingParty.mostAtOnce + 4 {
                    group.addTask {
                        do throws(OpenIDFailure) {
                            _ = try await stage.party.claims(
                                code: code, for: attempt, redirect: Self.redirect, issuer: nil, wanting: [])
                            return nil
                        } catch { return error }
                    }
                }
                var failures: [OpenIDFailure] = []
                for await failure in group { if let failure { failures.append(failure) } }
                return failures
            }
            #expect(failures.filter { $0 == .busy }.count == 4)
        }
    }
}
