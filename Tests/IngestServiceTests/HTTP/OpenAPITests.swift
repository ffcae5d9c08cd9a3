import HTTPTypes
import Testing
import Yams

@testable import IngestService

@Suite("GET /openapi.yaml")
struct OpenAPITests {
    @Test func isThereForEverybody() async throws {
        try await withAPI { api in
            let answer = try await api.get("/openapi.yaml", authorization: nil)
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "application/yaml")
            #expect(String(decoding: answer.bytes.prefix(9), as: UTF8.self) == "openapi: ")
            let head = try await api.get("/openapi.yaml", authorization: nil, method: .head)
            #expect(head.status == 200 && head.bytes.isEmpty)
            let post = try await api.post(answer.bytes, path: "/openapi.yaml")
            #expect(post.status == 405 && post.headers[.allow] == "GET, HEAD")
        }
    }

    @Test func isNotSentAgainToWhoHasIt() async throws {
        try await withAPI { api in
            let tag = try #require(try await api.get("/openapi.yaml").headers[.eTag])
            for field in [tag, "W/\(tag)", "\"another\", \(tag)", "*"] {
                let answer = try await api.send(.get, "/openapi.yaml", headers: [.ifNoneMatch: field])
                #expect(answer.status == 304 && answer.bytes.isEmpty && answer.headers[.eTag] == tag)
            }
            let changed = try await api.send(.get, "/openapi.yaml", headers: [.ifNoneMatch: "\"another\""])
            #expect(changed.status == 200)
        }
    }

    /// What is said of each answer is compared with the running service by deploy/conformance.
    @Test func namesThePathsAndMethodsThatThereAre() throws {
        let text = String(decoding: PackageResources.openapi_yaml, as: UTF8.self)
        let document = try #require(try Yams.compose(yaml: text))
        let paths = try #require(document["paths"]?.mapping)
        #expect(paths.count == 5)
        for (path, item) in paths {
            let path = try #require(path.string)
            let documented = try #require(item.mapping).keys.compactMap(\.string).filter { $0 != "parameters" }
            let routed = APIPath.methods(path).filter { $0 != .head }.map { $0.rawValue.lowercased() }
            #expect(Set(documented) == Set(routed), "\(path)")
        }
    }

    private func withAPI(_ body: @escaping @Sendable (APIHarness) async throws -> Void) async throws {
        try await withSQLiteStore { store, _ in try await APIHarness.with(store, body) }
    }
}
