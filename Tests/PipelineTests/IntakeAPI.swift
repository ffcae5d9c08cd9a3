import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport

/// The API of a running Intake, as a partner uses it.
struct IntakeAPI: Sendable {
    var port: Int
    /// The demonstration's, from `deploy/config/providers.yaml`.
    var token = "demo-token-not-for-production"

    struct Answer: Sendable {
        var status: Int
        var location: String?
        var body: Data

        func json<Value: Decodable>(_ type: Value.Type) throws -> Value { try JSONDecoder().decode(type, from: body) }
    }

    func post(_ request: HelpRequest) async throws -> Answer {
        var post = HTTPClientRequest(url: "http://127.0.0.1:\(port)/api/requests")
        post.method = .POST
        post.headers.add(name: "content-type", value: "application/json")
        post.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(request)))
        return try await execute(post)
    }

    /// Takes a step with a request, as the staff of its organisation.
    func patch(_ path: String, _ body: String) async throws -> Answer {
        var staff = self
        // The demonstration's, too.
        staff.token = "demo-write-token-not-for-production"
        var patch = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        patch.method = .PATCH
        patch.headers.add(name: "content-type", value: "application/merge-patch+json")
        patch.body = .bytes(ByteBuffer(string: body))
        return try await staff.execute(patch)
    }

    /// - Parameter path: as in a `Location` header.
    func get(_ path: String) async throws -> Answer {
        try await execute(HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)"))
    }

    /// Posts as a partner does that must not lose a request: again and again until it is accepted. After an answer that
    /// was lost on its way that is a 409, which names the job as the 202 would have.
    /// - Returns: the job's path.
    func submit(_ request: HelpRequest, within limit: Duration = .seconds(60)) async throws -> String {
        try await eventually("\(request.providerRequestId) is accepted", within: limit) {
            let answer = try await post(request)
            return [202, 409].contains(answer.status) ? answer.location : nil
        }
    }

    private func execute(_ request: HTTPClientRequest) async throws -> Answer {
        var request = request
        request.headers.add(name: "authorization", value: "Bearer \(token)")
        let response = try await Self.client.execute(request, timeout: .seconds(10))
        let body = try await response.body.collect(upTo: 1024 * 1024)
        return Answer(
            status: Int(response.status.code), location: response.headers.first(name: "location"),
            body: Data(body.readableBytesView))
    }

    /// Follows no redirect: a job's 303 is the answer.
    private static let client = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()
}
