import Foundation
import HTTPTypes
import Testing
import Yams

@testable import IngestService

/// GET /openapi.yaml and /openapi.json.
@Suite
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

    /// Readers that take no aliases, or a few, get none; and what is written out says the same, in YAML and in JSON.
    @Test func whatIsServedSaysTheSameWithoutAliases() async throws {
        try await withAPI { api in
            let written = try Self.content(PackageResources.openapi_yaml)
            let yaml = try await api.get("/openapi.yaml", authorization: nil)
            #expect(!String(decoding: yaml.bytes, as: UTF8.self).contains(/[:\-] [*&][A-Za-z]/))
            #expect(try Self.content(Array(yaml.bytes)) == written)
            let json = try await api.get("/openapi.json", authorization: nil)
            #expect(json.status == 200 && json.headers[.contentType] == "application/json")
            #expect(try JSONSerialization.jsonObject(with: Data(json.bytes)) as? NSDictionary == written)
            let tag = try #require(json.headers[.eTag])
            #expect(try await api.send(.get, "/openapi.json", headers: [.ifNoneMatch: tag]).status == 304)
        }
    }

    private static func content(_ yaml: [UInt8]) throws -> NSDictionary {
        try #require(try Yams.load(yaml: String(decoding: yaml, as: UTF8.self)) as? NSDictionary)
    }

    @Test func scalarsKeepTheirTypes() {
        let text = #"""
            a: {b: "1", c: 1, d: 1.5, e: true, f: "true", g: ~, h: "q\"\\\u0001\n", i: [é, 3.1.0, '']}
            """#
        #expect(
            OpenAPIDocument.json([UInt8](text.utf8))
                == #"{"a":{"b":"1","c":1,"d":1.5,"e":true,"f":"true","g":null,"h":"q\"\\\u0001\n","#
                + #""i":["é","3.1.0",""]}}"# + "\n")
    }

    /// What is said of each answer is compared with the running service by deploy/conformance.
    @Test func namesThePathsAndMethodsThatThereAre() throws {
        let paths = Self.documentedPaths()
        #expect(paths.count == 9)
        for (path, methods) in paths {
            let routed = APIPath.methods(path).filter { $0 != .head }.map { $0.rawValue.lowercased() }
            #expect(methods == Set(routed), "\(path)")
        }
    }

    /// By the document's indentation: a path has two blanks before it, what is said of it four.
    private static func documentedPaths() -> [String: Set<String>] {
        var paths: [String: Set<String>] = [:]
        var path: String?
        for line in String(decoding: PackageResources.openapi_yaml, as: UTF8.self).split(separator: "\n") {
            let depth = line.prefix { $0 == " " }.count
            let name = line.drop { $0 == " " }.prefix { $0 != ":" }
            if depth == 2, name.hasPrefix("/") {
                path = String(name)
                paths[String(name)] = []
            } else if depth < 4 {
                path = nil
            } else if depth == 4, let path, name != "parameters" {
                paths[path]?.insert(String(name))
            }
        }
        return paths
    }

    private func withAPI(_ body: @escaping @Sendable (APIHarness) async throws -> Void) async throws {
        try await withSQLiteStore { store, _ in try await APIHarness.with(store, body) }
    }
}
