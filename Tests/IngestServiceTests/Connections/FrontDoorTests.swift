import Foundation
import HTTPListener
import HTTPTypes
import HummingbirdCore
import HummingbirdTesting
import Logging
import NIOCore
import ServiceRuntime
import TestSupport
import Testing

@testable import IngestService

/// The API over real sockets, with the server that it has in earnest.
///
/// Front door.
@Suite(.serialized)
struct FrontDoorTests {
    private func door(_ limits: ConnectionLimits = ConnectionLimits()) throws -> HTTPServerBuilder {
        var limits = limits
        limits.connections = 100
        return try GuardedListener("api", limits: limits, logger: Logger(label: "test")).server()
    }

    private static let security: HTTPFields = [
        .xContentTypeOptions: "nosniff", .cacheControl: "no-store",
        .contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'", .referrerPolicy: "no-referrer",
    ]

    @Test func oneConnectionCarriesGoodAndBad() async throws {
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store, over: .live, server: try door()) { api in
                var answers = [
                    try await api.post(Data("{".utf8)), try await api.post(Data("{}".utf8)),
                    try await api.post(try Fixture.json(), authorization: nil),
                    try await api.post(Data(repeating: 0x20, count: 100_000)),
                    try await api.post(try Fixture.json()), try await api.post(try Fixture.json()),
                ]
                let id = try #require(answers[4].id)
                answers += [
                    try await api.get("/api/jobs/\(id)"), try await api.get("/api/nothing"),
                    try await api.send(.delete, "/api/requests"),
                ]
                #expect(answers.map(\.status) == [400, 422, 401, 413, 202, 409, 200, 404, 405])
                for answer in answers {
                    for field in Self.security { #expect(answer.headers[field.name] == field.value) }
                }
            }
        }
    }

    @Test func whatIsNoRequestIsAnsweredWithAProblem() async throws {
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store, over: .live, server: try door()) { api in
                let port = try #require(api.client.port)
                for (text, status, code) in [
                    ("nonsense\r\n\r\n", 400, "malformed-http"),
                    (
                        "POST /api/requests HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400,
                        "malformed-http"
                    ),
                    (
                        "POST /api/requests HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        400, "malformed-http"
                    ),
                    ("GET / HTTP/1.1\r\nX: \(String(repeating: "x", count: 20_000))\r\n\r\n", 431, "head-too-large"),
                ] {
                    let answer = try await RawConnection.exchange(port: port, text)
                    #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
                    #expect(answer.contains("content-type: application/problem+json"))
                    #expect(answer.contains("urn:intake:problem:\(code)"))
                    for field in Self.security { #expect(answer.contains("\(field.name.rawName): \(field.value)\r\n")) }
                }
            }
        }
    }

    @Test func aSlowHeadAndASlowBodyAreCutOff() async throws {
        try await withSQLiteStore { store, _ in
            var limits = ConnectionLimits()
            limits.headTime = .milliseconds(100)
            limits.bodyTime = .milliseconds(100)
            limits.lingerTime = .milliseconds(100)
            try await APIHarness.with(store, over: .live, server: try door(limits)) { api in
                let port = try #require(api.client.port)
                for text in [
                    "POST /api/requests HTTP/1.1\r\nHost: a\r\n",
                    """
                    POST /api/requests HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\
                    Authorization: \(Fixture.token)\r\nContent-Length: 10\r\n\r\n{
                    """,
                ] {
                    let answer = try await RawConnection.exchange(port: port, text)
                    #expect(answer.hasPrefix("HTTP/1.1 408 "))
                    #expect(answer.contains("urn:intake:problem:too-slow"))
                }
                #expect(try await api.post(try Fixture.json()).status == 202)
            }
        }
    }

    @Test func aTokenIsTakenBackWithoutARestart() async throws {
        let directory = try TestDirectory.make("tokens")
        let path = "\(directory)/providers.yaml"
        let old = "{sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08}"
        let new = "{sha256: d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa}"
        let write: @Sendable (String) throws -> Void = { tokens in
            try "providers: {portal: {organization: relief-org, tokens: [\(tokens)]}}"
                .write(toFile: path, atomically: true, encoding: .utf8)
        }
        try write("\(old), \(new)")
        let file = try ReloadingFile(path: path) { bytes throws(FileProblems) in try ProviderDirectory.parse(bytes) }
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store, over: .live, providers: { file.value }, server: try door()) { api in
                #expect(try await api.post(try Fixture.json(), authorization: "Bearer test").status == 202)
                #expect(try await api.post(try Fixture.json(), authorization: "Bearer other").status == 409)
                try write(new)
                file.reload()
                #expect(try await api.post(try Fixture.json(), authorization: "Bearer test").status == 401)
                #expect(try await api.post(try Fixture.json(), authorization: "Bearer other").status == 409)
            }
        }
    }
}
