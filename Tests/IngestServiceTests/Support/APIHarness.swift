import Contracts
import Foundation
import HTTPListener
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTesting
import ServiceRuntime
import Synchronization
import Testing

@testable import IngestService

/// The front door on a store, without a socket unless asked for.
struct APIHarness: Sendable {
    let client: any TestClientProtocol
    let handedOver: HandedOver

    /// What the relay was given.
    final class HandedOver: Sendable {
        private let state = Mutex<[OutboxEntry]>([])
        var entries: [OutboxEntry] { state.withLock { $0 } }

        /// Takes what a store commits from now on.
        func follow(_ store: RequestStore) -> RequestStore {
            var store = store
            store.handOver = { entries in self.state.withLock { $0 += entries } }
            return store
        }
    }

    /// - Parameter waiting: how requests for jobs are held open.
    static func with<Result: Sendable>(
        _ store: RequestStore, over setup: TestingSetup = .router,
        waiting: JobWaiting = JobWaiting(waiters: JobWaiters(limit: 10)),
        providers: @escaping @Sendable () -> ProviderDirectory = { Fixture.directory },
        server: HTTPServerBuilder = .http1(), spans: SpanRecorder? = nil,
        requests: RequestMetrics = RequestMetrics(), adapt: (inout SubmissionController) -> Void = { _ in },
        _ body: @escaping @Sendable (APIHarness) async throws -> Result
    ) async throws -> Result {
        let handedOver = HandedOver()
        let store = handedOver.follow(store)
        let access = StoreAccess(store: store, retryAfter: { 2 })
        let authenticator = Authenticator(providers: providers, people: store)
        var submissions = SubmissionController(
            access: access, authenticator: authenticator, bodies: RequestBodyReader(limit: 65536),
            metrics: IngestMetrics(), retryAfter: { 2 }, now: { Fixture.now })
        adapt(&submissions)
        let router = IngestRouter.build(
            submissions: submissions,
            queries: QueryController(
                access: access, authenticator: authenticator, waiting: waiting, retryAfter: { 2 }, now: { Fixture.now }),
            statuses: StatusController(
                access: access, authenticator: authenticator, bodies: RequestBodyReader(limit: 65536),
                waiters: waiting.waiters, now: { Fixture.now + 3600 }),
            partners: PartnerController(
                access: access, authenticator: authenticator, bodies: RequestBodyReader(limit: 65536),
                waiters: waiting.waiters, now: { Fixture.now + 3600 }),
            spans: spans, requests: requests)
        let configuration = ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0))
        return try await Application(router: router, server: server, configuration: configuration)
            .test(setup) { client in
                try await body(APIHarness(client: client, handedOver: handedOver))
            }
    }

    func post(
        _ body: Data, path: String = "/api/requests", authorization: String? = "Bearer \(Fixture.token)",
        contentType: String? = "application/json", headers: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = headers
        headers[.authorization] = authorization
        headers[.contentType] = contentType
        return try await send(.post, path, headers: headers, body: ByteBuffer(bytes: body))
    }

    func get(
        _ path: String, authorization: String? = "Bearer \(Fixture.token)", method: HTTPRequest.Method = .get,
        headers: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = headers
        headers[.authorization] = authorization
        return try await send(method, path, headers: headers)
    }

    func patch(
        _ id: Contracts.RequestID, _ body: String, token: String? = Fixture.writeToken,
        contentType: String? = "application/merge-patch+json", headers: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = headers
        headers[.authorization] = token.map { "Bearer \($0)" }
        headers[.contentType] = contentType
        return try await send(.patch, "/api/requests/\(id)", headers: headers, body: ByteBuffer(string: body))
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], body: ByteBuffer? = nil
    ) async throws -> Answer {
        try await client.execute(uri: path, method: method, headers: headers, body: body) { response in
            Answer(
                status: response.status.code, headers: response.headers, bytes: Data(response.body.readableBytesView))
        }
    }

    struct Answer: Sendable {
        var status: Int
        var headers: HTTPFields
        var bytes: Data

        /// The body as a JSON object; empty when it is none.
        var json: [String: Any] { ((try? JSONSerialization.jsonObject(with: bytes)) as? [String: Any]) ?? [:] }
        var isProblem: Bool {
            headers[.contentType] == "application/problem+json" && json["status"] as? Int == status
                && json["type"] is String && json["title"] is String && json["detail"] is String
        }
        /// Pointer and code of each error.
        var errors: Set<String> {
            let errors = json["errors"] as? [[String: Any]] ?? []
            return Set(errors.map { "\($0["pointer"] ?? "") \($0["code"] ?? "")" })
        }
        /// The problem's code.
        var problem: String? { (json["type"] as? String)?.split(separator: ":").last.map(String.init) }
        var id: RequestID? { (json["id"] as? String).flatMap(Contracts.RequestID.init) }
        typealias RequestID = Contracts.RequestID
    }
}
