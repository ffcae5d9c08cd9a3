import Crypto
package import Foundation
import NIOCore
import Synchronization

/// An OpenID provider on the loopback that signs in whom a test names, and goes wrong as a test says.
package final class FakeProvider: Sendable {
    package struct Answer: Sendable {
        package var status: String
        package var headers: [String]
        package var body: String

        package init(_ status: String, headers: [String] = [], body: String = "") {
            (self.status, self.headers, self.body) = (status, headers, body)
        }
    }

    package struct Script: Sendable {
        /// Members of the documents in JSON, in the place of the good ones; `nil` takes one away.
        package var metadata: [String: String?] = [:]
        package var claims: [String: String?] = [:]
        package var header: [String: String?] = [:]
        package var tokens: [String: String?] = [:]
        package var userInfo: [String: String?] = [:]
        package var key = SigningKey.usual
        /// The published keys.
        package var keys: [String]?
        /// Answers by path, in the place of the good ones.
        package var answers: [String: Answer] = [:]
        /// Paths that are never answered.
        package var silent: Set<String> = []
        /// Paths whose answer never ends.
        package var endless: Set<String> = []
    }

    private struct State {
        var script = Script()
        var port = 0
        var lastQuery = ""
        var codes: [String: (nonce: String, challenge: String)] = [:]
        var requests: [TestConnection.Request] = []
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> Date

    private init(now: @escaping @Sendable () -> Date) { self.now = now }

    package static func serving(
        now: @escaping @Sendable () -> Date = { Date() },
        _ body: @escaping @Sendable (FakeProvider) async throws -> Void
    ) async throws {
        let provider = FakeProvider(now: now)
        try await TestServer.serving { connection in
            while let request = try await connection.request() { try await provider.answer(request, connection) }
        } _: { server in
            provider.state.withLock { $0.port = server.port }
            try await body(provider)
        }
    }

    package var issuer: String { "http://127.0.0.1:\(state.withLock { $0.port })" }
    package var requests: [TestConnection.Request] { state.withLock { $0.requests } }
    package func requests(for path: String) -> [TestConnection.Request] {
        requests.filter { $0.line.split(separator: " ").dropFirst().first.map(Self.path) == path }
    }
    /// What the last browser brought.
    package var lastQuery: String { state.withLock { $0.lastQuery } }
    package func change(_ body: (inout sending Script) -> Void) { state.withLock { body(&$0.script) } }

    /// What somebody does who signs in at the address that a browser was sent to.
    /// - Returns: the query of the address that they are sent back to.
    package func signIn(at address: String) throws -> [URLQueryItem] {
        let items = URLComponents(string: address)?.queryItems ?? []
        let query = Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
        state.withLock { $0.lastQuery = URLComponents(string: address)?.percentEncodedQuery ?? "" }
        let code = "code \(UUID().uuidString)+/="
        state.withLock { $0.codes[code] = (query["nonce"] ?? "", query["code_challenge"] ?? "") }
        return [URLQueryItem(name: "code", value: code), URLQueryItem(name: "state", value: query["state"])]
    }

    private static func path(_ target: Substring) -> String { String(target.prefix { $0 != "?" }) }

    private func answer(_ request: TestConnection.Request, _ connection: TestConnection) async throws {
        let parts = request.line.split(separator: " ")
        let path = parts.count > 1 ? Self.path(parts[1]) : ""
        let script = state.withLock { state in
            state.requests.append(request)
            return state.script
        }
        if script.silent.contains(path) {
            while try await connection.request() != nil {}
            return
        }
        if script.endless.contains(path) {
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
            return try await connection.drip(String(repeating: "[],", count: 20_000), every: .milliseconds(1))
        }
        let answer = try script.answers[path] ?? good(path, request, script)
        try await connection.answer(answer.status, headers: answer.headers, body: answer.body)
    }

    private func good(
        _ path: String, _ request: TestConnection.Request, _ script: Script
    ) throws -> Answer {
        switch path {
        case "/.well-known/openid-configuration":
            let metadata = [
                "issuer": quoted(issuer), "authorization_endpoint": quoted("\(issuer)/authorize?audience=a"),
                "token_endpoint": quoted("\(issuer)/token"), "jwks_uri": quoted("\(issuer)/keys"),
                "userinfo_endpoint": quoted("\(issuer)/userinfo"), "end_session_endpoint": quoted("\(issuer)/end"),
                "response_types_supported": #"["code"]"#,
            ]
            return json(object(metadata, script.metadata))
        case "/keys": return json(#"{"keys":[\#((try script.keys ?? [script.key.jwk()]).joined(separator: ","))]}"#)
        case "/token": return try token(request, script)
        case "/userinfo":
            guard request.headers["authorization"] == "Bearer access" else { return Answer("401 Unauthorized") }
            let subject = (script.claims["sub"] ?? nil) ?? quoted("ada-1")
            return json(object(["sub": subject], script.userInfo))
        default: return Answer("404 Not Found")
        }
    }

    /// A code is good once, and for whoever shows what its challenge was made of.
    private func token(_ request: TestConnection.Request, _ script: Script) throws -> Answer {
        let items = URLComponents(string: "/?" + request.body.replacing("+", with: "%20"))?.queryItems ?? []
        let form = Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
        let known = state.withLock { $0.codes.removeValue(forKey: form["code"] ?? "") }
        let challenge = SigningKey.base64(Data(SHA256.hash(data: Data((form["code_verifier"] ?? "").utf8))))
        guard let known, known.challenge == challenge else {
            return Answer("400 Bad Request", body: #"{"error":"invalid_grant"}"#)
        }
        let moment = Int(now().timeIntervalSince1970)
        let claims = [
            "iss": quoted(issuer), "sub": quoted("ada-1"), "aud": quoted("intake"), "nonce": quoted(known.nonce),
            "iat": "\(moment)", "exp": "\(moment + 300)", "email": quoted("ada@chapter.example"),
            "email_verified": "true", "name": quoted("Ada Lovelace"), "groups": #"["staff","coordinators"]"#,
        ]
        let header = object(["alg": quoted("ES256"), "typ": quoted("JWT"), "kid": quoted("k")], script.header)
        let token = try script.key.token(header, object(claims, script.claims))
        return json(
            object(
                ["access_token": quoted("access"), "token_type": quoted("Bearer"), "id_token": quoted(token)],
                script.tokens))
    }

    private func json(_ body: String) -> Answer {
        Answer("200 OK", headers: ["Content-Type: application/json"], body: body)
    }

    private func quoted(_ text: String) -> String { "\"\(text)\"" }

    private func object(_ members: [String: String], _ others: [String: String?]) -> String {
        var members = members
        for (name, value) in others { members[name] = value }
        return "{\(members.map { "\"\($0.key)\":\($0.value)" }.sorted().joined(separator: ","))}"
    }
}
