import AsyncHTTPClient
import Contracts
import Foundation
import HTTPExchange
import NIOCore
import NIOHTTP1
import Terminal

/// A service's admin API: IngestService's, unless it says otherwise.
struct AdminAPI: Sendable {
    /// Scheme, host and port, perhaps with a path before `/admin`.
    let base: String
    private let token: String?
    private let service: String
    private let option: String

    /// - Parameters:
    ///   - service: whose it is, for errors.
    ///   - option: what says where it is, for errors.
    init(base: String, token: String?, service: String = "IngestService", option: String = "--admin-url") {
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        self.token = token
        self.service = service
        self.option = option
    }

    func send(
        _ method: HTTPMethod, _ path: String, _ items: [URLQueryItem] = []
    ) async throws(CommandError) -> Data {
        guard let answer = try await sendIfThere(method, path, items) else { throw nothing(at: path) }
        return answer
    }

    /// For a 404 that is not about what was asked for.
    func nothing(at path: String) -> CommandError {
        CommandError("\(base) has no /admin/\(path): is it \(service)'s admin listener?")
    }

    /// - Returns: `nil` for 404.
    func sendIfThere(
        _ method: HTTPMethod, _ path: String, _ items: [URLQueryItem] = [], body: Data? = nil,
        timeout: TimeAmount = .seconds(30)
    ) async throws(CommandError) -> Data? {
        let (status, body) = try await exchange(method, path, items, body, timeout: timeout)
        return try good(status, body)
    }

    /// - Returns: the body; `nil` for 404.
    /// - Throws: for any other status that is no success.
    func good(_ status: Int, _ body: Data) throws(CommandError) -> Data? {
        switch status {
        case 200..<300: return body
        case 401:
            throw CommandError(
                "the admin API at \(base) wants \(token == nil ? "a" : "another") token: give --admin-token")
        case 404: return nil
        default:
            throw CommandError("the admin API answered \(status): \(Self.problem(body) ?? "no details given")")
        }
    }

    /// - Parameter body: JSON; `nil` for none.
    func exchange(
        _ method: HTTPMethod, _ path: String, _ items: [URLQueryItem], _ body: Data?, timeout: TimeAmount
    ) async throws(CommandError) -> (status: Int, body: Data) {
        var parts = URLComponents()
        parts.queryItems = items.isEmpty ? nil : items
        let query = parts.percentEncodedQuery.map { "?" + $0.replacing("+", with: "%2B") } ?? ""
        return try await ask(method, "admin/\(path)\(query)", body, timeout: timeout)
    }

    /// Whatever else the listener has: health and metrics.
    func read(_ path: String) async throws(CommandError) -> (status: Int, body: String) {
        let (status, body) = try await ask(.GET, path, nil, timeout: .seconds(10))
        return (status, String(decoding: body, as: UTF8.self))
    }

    private func ask(
        _ method: HTTPMethod, _ path: String, _ body: Data?, timeout: TimeAmount
    ) async throws(CommandError) -> (status: Int, body: Data) {
        var request = HTTPClientRequest(url: "\(base)/\(path)")
        request.method = method
        request.headers.add(name: "accept", value: "application/json, text/plain;q=0.9")
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
        do {
            let deadline = NIODeadline.now() + timeout
            let response = try await Self.client.execute(request, deadline: deadline)
            let answer = try await response.body(upTo: Self.longestAnswer, until: deadline)
            guard !answer.isCut else { throw NetworkFailure.badAnswer }
            return (Int(response.status.code), Data(answer.bytes))
        } catch {
            let reason = error as? NetworkFailure ?? NetworkFailure(error)
            throw CommandError("the admin API at \(base) cannot be reached (\(reason.words)): see \(option)")
        }
    }

    /// Bytes: a page of dead letters with their bodies.
    private static let longestAnswer = 256 * 1024 * 1024

    /// Lives as long as the command.
    private static let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .guarded())

    /// The detail of problem details (RFC 9457).
    private static func problem(_ body: Data) -> String? {
        struct Problem: Decodable { var detail: String }
        // Whatever else answers on that port need not speak JSON.
        return (try? JSONDecoder().decode(Problem.self, from: body)).map { PrintableText.of($0.detail) }
    }

    static func decode<Value: Decodable>(_ body: Data) throws(CommandError) -> Value {
        do {
            return try AdminJSON.decoder.decode(Value.self, from: body)
        } catch {
            throw CommandError("the admin API answered with what this version does not understand")
        }
    }
}
