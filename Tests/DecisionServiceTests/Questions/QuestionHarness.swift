import AdminAPI
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Places
import Testing

@testable import DecisionService

/// The routes of DecisionService, without a socket.
struct QuestionHarness: Sendable {
    let client: any TestClientProtocol

    static let now = Date(timeIntervalSince1970: 1_790_000_000)

    /// The gazetteer of this checkout.
    static let gazetteer: Gazetteer = {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../Sources/Places/Resources/gazetteer.bin").standardizedFileURL.path
        do { return try GazetteerFile.read(path) } catch { fatalError("\(error)") }
    }()

    /// The listener for questions.
    static func questions(
        _ yaml: String = CoverageFixture.yaml, token: String? = nil, perSecond: Int = 1000,
        clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        _ body: @escaping @Sendable (QuestionHarness) async throws -> Void
    ) async throws {
        let coverage = try CoverageFixture.coverage(yaml)
        let router = CoverageRouter.build(
            CoverageController(
                coverage: { coverage }, finder: PlaceFinder(gazetteer: gazetteer), token: token,
                rate: QuestionRate(perSecond: perSecond), now: { now }, clock: clock))
        try await run(router, body)
    }

    /// The routes below `/admin`.
    static func admin(
        _ yaml: String = CoverageFixture.yaml, gazetteer: Gazetteer? = gazetteer, shelf: DraftShelf = DraftShelf(),
        clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        _ body: @escaping @Sendable (QuestionHarness) async throws -> Void
    ) async throws {
        let coverage = try CoverageFixture.coverage(yaml)
        let router = Router(context: BasicRequestContext.self)
        let group = router.group("/admin")
        DraftController(coverage: { coverage }, shelf: shelf, now: { now }, clock: clock).register(on: group)
        AreaController(
            coverage: { coverage },
            gazetteer: { () throws(GazetteerFileError) in
                guard let gazetteer else { throw GazetteerFileError(path: "x", problem: "there is no such file") }
                return gazetteer
            }, now: { now }
        ).register(on: group)
        // What is typed is served, and nothing else is.
        let own = AdminCatalogue.routes(of: .decision).subtracting(AdminCatalogue.routes(of: .geocode))
        #expect(Set(router.routes.map { "\($0.method) \($0.path)" }) == Set(own.map(\.description)) && own.count == 3)
        try await run(router, body)
    }

    private static func run(
        _ router: Router<BasicRequestContext>, _ body: @escaping @Sendable (QuestionHarness) async throws -> Void
    ) async throws {
        try await Application(router: router).test(.router) { client in
            try await body(QuestionHarness(client: client))
        }
    }

    func get(
        _ path: String, method: HTTPRequest.Method = .get, headers: HTTPFields = [:]
    ) async throws -> Answer {
        try await send(method, path, headers: headers)
    }

    func post(_ path: String, _ body: String) async throws -> Answer {
        try await send(.post, path, body: ByteBuffer(string: body))
    }

    private func send(
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
        var problem: String? { json["code"] as? String }
        /// Pointer and code of each error.
        var errors: Set<String> {
            let errors = json["errors"] as? [[String: Any]] ?? []
            return Set(errors.map { "\($0["pointer"] ?? "") \($0["code"] ?? "")" })
        }
    }
}
