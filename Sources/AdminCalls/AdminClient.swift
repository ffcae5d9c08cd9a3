package import AdminAPI
import AsyncHTTPClient
import Contracts
import Foundation
import HTTPExchange
package import NIOCore
package import NIOHTTP1

/// Calls the admin API of a service.
package struct AdminClient: Sendable {
    /// Sends a request; what it throws is why no answer came.
    package typealias Send =
        @Sendable (_ method: HTTPMethod, _ url: String, _ body: [UInt8]?, _ timeout: TimeAmount) async throws -> (
            status: Int, body: [UInt8]
        )

    /// Scheme, host and port, perhaps with a path before the root.
    package let base: String
    private typealias Answer = (status: Int, body: [UInt8], service: String?)
    private let send: @Sendable (HTTPMethod, String, [UInt8]?, TimeAmount) async throws -> Answer

    /// - Parameter send: for tests.
    package init(base: String, send: @escaping Send) {
        self.init(base) { method, url, body, timeout in
            let (status, bytes) = try await send(method, url, body, timeout)
            return (status, bytes, nil)
        }
    }

    private init(
        _ base: String, send: @escaping @Sendable (HTTPMethod, String, [UInt8]?, TimeAmount) async throws -> Answer
    ) {
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        self.send = send
    }

    /// - Parameters:
    ///   - token: what the listener asks for.
    ///   - longestAnswer: bytes.
    package init(base: String, token: String?, longestAnswer: Int = 16 * 1024 * 1024) {
        self.init(base) { method, url, body, timeout in
            var request = HTTPClientRequest(url: url)
            request.method = method
            request.headers.add(name: "accept", value: "application/json, text/plain;q=0.9")
            if let body {
                request.headers.add(name: "content-type", value: "application/json")
                request.body = .bytes(ByteBuffer(bytes: body))
            }
            if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
            let deadline = NIODeadline.now() + timeout
            let response = try await Self.client.execute(request, deadline: deadline)
            let answer = try await response.body(upTo: longestAnswer, until: deadline)
            guard !answer.isCut else { throw NetworkFailure.badAnswer }
            return (Int(response.status.code), answer.bytes, response.headers.first(name: AdminService.header))
        }
    }

    /// Lives as long as the process.
    private static let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .guarded())

    /// Whether a text can be the base of one.
    package static func isBase(_ text: String) -> Bool {
        guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme?.lowercased()),
            let host = parts.host, !host.isEmpty
        else { return false }
        return parts.query == nil && parts.fragment == nil && parts.user == nil
    }

    /// - Returns: the answer of an endpoint.
    package func send<Endpoint: AdminEndpoint>(
        _ call: AdminCall<Endpoint>, timeout: Duration
    ) async throws(AdminFailure) -> Endpoint.Answer {
        let body: [UInt8]?
        do { body = try call.bodyJSON() } catch { throw .unwritable }
        let method = HTTPMethod(rawValue: Endpoint.route.method.rawValue)
        let (status, bytes, _) = try await ask(method, call.target, body, timeout)
        guard (200..<300).contains(status) else { throw .problem(AdminProblem(status: status, body: bytes)) }
        do { return try WireJSON.value(from: bytes) } catch { throw .notUnderstood }
    }

    /// - Parameter path: whatever else the listener has: health and metrics.
    /// - Returns: also who answers, where that is said.
    package func read(
        _ path: String, timeout: Duration
    ) async throws(AdminFailure) -> (status: Int, body: String, service: String?) {
        let (status, bytes, service) = try await ask(.GET, "/" + path, nil, timeout)
        return (status, String(decoding: bytes, as: UTF8.self), service)
    }

    private func ask(
        _ method: HTTPMethod, _ target: String, _ body: [UInt8]?, _ timeout: Duration
    ) async throws(AdminFailure) -> Answer {
        do { return try await send(method, base + target, body, TimeAmount(timeout)) } catch {
            throw .unreachable((error as? NetworkFailure ?? NetworkFailure(error)).words)
        }
    }
}

/// Why a call has no answer.
package enum AdminFailure: Error, Sendable, Equatable {
    /// Nobody answers, and why.
    case unreachable(String)
    /// What is answered is no success.
    case problem(AdminProblem)
    /// What is answered is none that this version knows.
    case notUnderstood
    /// What was to be said cannot be said in JSON: a number that is not finite.
    case unwritable

    package var problem: AdminProblem? { if case .problem(let problem) = self { problem } else { nil } }
}
