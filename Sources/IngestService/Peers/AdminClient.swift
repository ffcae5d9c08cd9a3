import AsyncHTTPClient
import Contracts
import Foundation
import HTTPExchange
import NIOCore
import NIOHTTP1

/// The admin listener of another service of Intake's.
struct AdminClient: Sendable {
    /// Sends a request; what it throws is why no answer came.
    typealias Send =
        @Sendable (_ method: HTTPMethod, _ url: String, _ body: [UInt8]?, _ timeout: TimeAmount) async throws -> (
            status: Int, body: [UInt8]
        )

    /// Scheme, host and port, perhaps with a path before `/admin`.
    let base: String
    private let send: Send

    /// - Parameter send: for tests.
    init(base: String, send: @escaping Send) {
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        self.send = send
    }

    /// - Parameter token: what the listener asks for.
    init(base: String, token: String?) {
        self.init(base: base) { method, url, body, timeout in
            var request = HTTPClientRequest(url: url)
            request.method = method
            request.headers.add(name: "accept", value: "application/json")
            if let body {
                request.headers.add(name: "content-type", value: "application/json")
                request.body = .bytes(ByteBuffer(bytes: body))
            }
            if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
            let deadline = NIODeadline.now() + timeout
            let response = try await Self.client.execute(request, deadline: deadline)
            let answer = try await response.body(upTo: Self.longestAnswer, until: deadline)
            guard !answer.isCut else { throw NetworkFailure.badAnswer }
            return (Int(response.status.code), answer.bytes)
        }
    }

    /// Bytes: what is covered by all organisations, county by county.
    private static let longestAnswer = 16 * 1024 * 1024
    /// Lives as long as the process.
    private static let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .guarded())

    /// Whether a text can be the base of one.
    static func isBase(_ text: String) -> Bool {
        guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme?.lowercased()),
            let host = parts.host, !host.isEmpty
        else { return false }
        return parts.query == nil && parts.fragment == nil && parts.user == nil
    }

    /// - Parameter path: below `/admin/`, encoded.
    /// - Returns: what was answered; `nil` for 404.
    /// - Throws: `PeerProblem` for any other status that is no success, and when nobody answers.
    func ask<Answer: Decodable>(
        _ method: HTTPMethod, _ path: String, _ body: [UInt8]? = nil, timeout: TimeAmount = .seconds(2)
    ) async throws(PeerProblem) -> Answer? {
        let (status, bytes): (Int, [UInt8])
        do { (status, bytes) = try await send(method, "\(base)/admin/\(path)", body, timeout) } catch {
            let reason = error as? NetworkFailure ?? NetworkFailure(error)
            throw PeerProblem(text: "\(base) does not answer (\(reason.words))")
        }
        switch status {
        case 200..<300: break
        case 404: return nil
        case 401: throw PeerProblem(text: "\(base) wants another token")
        default: throw PeerProblem(text: "\(base) answers with status \(status)", status: status)
        }
        do { return try JSONDecoder().decode(Answer.self, from: Data(bytes)) } catch {
            throw PeerProblem(text: "\(base) answers what this version does not understand")
        }
    }
}

/// Why another service did not do what was asked.
struct PeerProblem: Error, Sendable, Equatable {
    /// Holds no secret.
    var text: String
    /// What was answered instead; `nil` when nothing was, or nothing that is understood.
    var status: Int?
}
