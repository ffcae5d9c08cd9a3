import AsyncHTTPClient
import Contracts
import Foundation
import HTTPExchange
import NIOCore
import NIOHTTP1

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

    /// A page of the dead letters, those that died first at the top.
    /// - Parameter after: the `next` of the page before.
    func deadLetters(
        _ filter: DeadLetterQuery, after: String? = nil, limit: Int = 500
    ) async throws(OperatorError) -> DeadLetterPage {
        var items = filter.items
        items.append(URLQueryItem(name: "limit", value: "\(limit)"))
        if let after { items.append(URLQueryItem(name: "after", value: after)) }
        return try Self.decode(try await send(.GET, "dead-letters", items))
    }

    /// Every dead letter with this id, or about the request with this id; empty when there is none.
    /// - Parameter isRaw: whether headers and body come as they are, personal data included.
    func deadLetters(_ id: UUID, isRaw: Bool = false) async throws(OperatorError) -> [DeadLetterEntry] {
        let items = isRaw ? [URLQueryItem(name: "raw", value: "true")] : []
        guard let answer = try await sendIfThere(.GET, "dead-letters/\(id.canonical)", items) else { return [] }
        let page: DeadLetterPage = try Self.decode(answer)
        return page.deadLetters
    }

    func conservation() async throws(OperatorError) -> ConservationTable {
        try Self.decode(try await send(.GET, "conservation"))
    }

    /// A page of the requests under way that have not moved for so long, oldest first.
    func pending(olderThan age: Duration, after: UUID?) async throws(OperatorError) -> PendingPage {
        var items = [URLQueryItem(name: "olderThan", value: "\(age.components.seconds)")]
        items.append(URLQueryItem(name: "limit", value: "500"))
        if let after { items.append(URLQueryItem(name: "after", value: after.canonical)) }
        return try Self.decode(try await send(.GET, "pending", items))
    }

    /// Has the event of the stage where a request stopped published again.
    func publishAgain(_ id: UUID) async throws(OperatorError) -> RepublishedEvent {
        try Self.decode(try await send(.POST, "requests/\(id.canonical)/publish-again"))
    }

    /// Erases the personal data of a request; `nil` when there is no such request.
    func erase(_ id: UUID, force: Bool) async throws(OperatorError) -> ErasedRequest? {
        let items = force ? [URLQueryItem(name: "force", value: "true")] : []
        guard let answer = try await sendIfThere(.POST, "requests/\(id.canonical)/erase", items) else { return nil }
        return try Self.decode(answer)
    }

    func send(
        _ method: HTTPMethod, _ path: String, _ items: [URLQueryItem] = []
    ) async throws(OperatorError) -> Data {
        guard let answer = try await sendIfThere(method, path, items) else { throw nothing(at: path) }
        return answer
    }

    /// For a 404 that is not about what was asked for.
    func nothing(at path: String) -> OperatorError {
        OperatorError("\(base) has no /admin/\(path): is it \(service)'s admin listener?")
    }

    /// - Returns: `nil` for 404.
    func sendIfThere(
        _ method: HTTPMethod, _ path: String, _ items: [URLQueryItem] = [], body: Data? = nil,
        timeout: TimeAmount = .seconds(30)
    ) async throws(OperatorError) -> Data? {
        let (status, body) = try await exchange(method, path, items, body, timeout: timeout)
        return try good(status, body)
    }

    /// - Returns: the body; `nil` for 404.
    /// - Throws: for any other status that is no success.
    func good(_ status: Int, _ body: Data) throws(OperatorError) -> Data? {
        switch status {
        case 200..<300: return body
        case 401:
            throw OperatorError(
                "the admin API at \(base) wants \(token == nil ? "a" : "another") token: give --admin-token")
        case 404: return nil
        default:
            throw OperatorError("the admin API answered \(status): \(Self.problem(body) ?? "no details given")")
        }
    }

    /// - Parameter body: JSON; `nil` for none.
    func exchange(
        _ method: HTTPMethod, _ path: String, _ items: [URLQueryItem], _ body: Data?, timeout: TimeAmount
    ) async throws(OperatorError) -> (status: Int, body: Data) {
        var parts = URLComponents()
        parts.queryItems = items.isEmpty ? nil : items
        let query = parts.percentEncodedQuery.map { "?" + $0.replacing("+", with: "%2B") } ?? ""
        var request = HTTPClientRequest(url: "\(base)/admin/\(path)\(query)")
        request.method = method
        request.headers.add(name: "accept", value: "application/json")
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
            throw OperatorError("the admin API at \(base) cannot be reached (\(reason.words)): see \(option)")
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

    static func decode<Value: Decodable>(_ body: Data) throws(OperatorError) -> Value {
        do {
            return try AdminJSON.decoder.decode(Value.self, from: body)
        } catch {
            throw OperatorError("the admin API answered with what this version does not understand")
        }
    }
}
