import Configuration
import Contracts
import Foundation
import HTTPTypes
import NIOCore
import ServiceRuntime
import Testing

@testable import IngestService

/// Text that takes long to compare, to hash or to normalise: it costs what its bytes cost, wherever it comes in.
///
/// Text from outside.
@Suite(.serialized)
struct ForeignTextAPITests {
    /// Combining marks of two classes by turns: brought into their order, they cost the square of their number.
    private static func marks(_ bytes: Int) -> String {
        String(repeating: "\u{0301}\u{0323}", count: bytes / 4)
    }

    /// Checks that a text costs hardly more than a plain one of its length. The least of several measurements of each,
    /// by turns, since the machine does other things, too: what costs the square of its length takes a hundred times as
    /// long.
    private func costsAsMuchAsPlain(
        _ text: String, _ what: String, _ body: (String) async throws -> Void
    ) async throws {
        let plain = String(repeating: "x", count: text.utf8.count)
        var (hostile, usual) = (Duration.seconds(60), Duration.seconds(60))
        for _ in 0..<10 {
            var start = ContinuousClock.now
            try await body(plain)
            usual = min(usual, start.duration(to: .now))
            start = .now
            try await body(text)
            hostile = min(hostile, start.duration(to: .now))
        }
        #expect(hostile < usual * 5 + .milliseconds(15), "\(what): \(hostile), plain \(usual)")
    }

    @Test(arguments: [
        HTTPField.Name.authorization, .accept, .contentType, .contentEncoding, .ifNoneMatch, .ifMatch, .prefer,
        .idempotencyKey, .userAgent,
    ])
    func aHeaderIsComparedAsBytes(_ name: HTTPField.Name) async throws {
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store) { api in
                for value in [Self.marks(16_000), "a" + Self.marks(16_000), "Bearer " + Self.marks(16_000)] {
                    let body = try Fixture.json()
                    try await costsAsMuchAsPlain(value, "\(name)") { value in
                        var headers: HTTPFields = [.authorization: "Bearer \(Fixture.token)"]
                        headers[.contentType] = "application/json"
                        headers[name] = value
                        let answer = try await api.send(
                            .post, "/api/requests", headers: headers, body: ByteBuffer(bytes: body))
                        if name == .authorization { #expect(answer.status == 401) }
                        _ = try await api.send(.get, "/api/requests", headers: headers)
                    }
                }
            }
        }
    }

    @Test(arguments: [
        "providerRequestId", "name", "address", "city", "state", "zip", "phone", "email", "status", "providerData",
        "other",
    ])
    func aFieldIsMeasuredBeforeItIsNormalised(_ field: String) async throws {
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store) { api in
                try await costsAsMuchAsPlain("x" + Self.marks(60_000), field) { text in
                    let answer = try await api.post(try Fixture.json([field: text]))
                    #expect(answer.status == (field == "other" ? 409 : 422) || answer.status == 202)
                }
            }
        }
    }

    @Test func namesOfMembersAreMeasuredToo() async throws {
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store) { api in
                let request = Fixture.newRequest()
                _ = try await store.accept(request, event: try Fixture.event(request))
                try await costsAsMuchAsPlain(Self.marks(19_000), "names") { text in
                    let members = ["", "a", "b"].map { "\"\($0)\(text)\": 1" }.joined(separator: ",")
                    let posted = try await api.post(Data("{\(members)}".utf8))
                    let patched = try await api.patch(request.id, "{\(members)}")
                    #expect(posted.status == 422 && patched.status == 422)
                }
            }
        }
    }

    /// RFC 8259, section 8.1.
    @Test func aByteOrderMarkBeforeABodyIsPassedOver() async throws {
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store) { api in
                let mark = Data([0xEF, 0xBB, 0xBF])
                let body = try Fixture.json()
                for (before, status) in [(mark, 202), (mark + mark, 400), (Data([0xFF, 0xFE]), 400)] {
                    let answer = try await api.post(before + body)
                    #expect(answer.status == status)
                }
                let empty = try await api.post(mark)
                #expect(empty.status == 400)
            }
        }
    }

    @Test(arguments: [
        (String(repeating: "x", count: 500), true), (String(repeating: "x", count: 501), false),
        (String(repeating: "😀", count: 500), true), ("x" + String(repeating: "\u{0301}", count: 999), true),
        ("x" + String(repeating: "\u{0301}", count: 1000), false), ("x" + ForeignTextAPITests.marks(60_000), false),
    ])
    func aNoteIsMeasuredInBytesToo(_ note: String, _ isTaken: Bool) {
        #expect((RequestPatch.check(note: note) == nil) == isTaken)
    }

    @Test func oneCallerHoldsItsShareOfTheLongPollsAlone() throws {
        let waiters = JobWaiters(limit: 10, limitPerCaller: 3)
        let id = Fixture.id()
        let places = (0..<5).map { _ in waiters.enter(id, by: "provider a") }
        #expect(places.map { $0 != nil } == [true, true, true, false, false])
        #expect(waiters.enter(id, by: "provider b") != nil && waiters.count == 4)
        waiters.leave(try #require(places[0]))
        waiters.leave(try #require(places[0]))
        #expect(waiters.enter(id, by: "provider a") != nil)
        #expect(waiters.enter(id, by: "provider a") == nil)
    }

    @Test(arguments: [("127.0.0.1", false), ("0.0.0.0", true), ("192.0.2.1", true)])
    func theDemosTokensAreTakenOnThisHostAlone(_ host: String, _ isRefused: Bool) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).yaml").path
        // What stays behind is a temporary file.
        defer { try? FileManager.default.removeItem(atPath: path) }
        let hash = "b1485a8e2f4baba7e5213ce4d940c32b303b570423f663e8e797626aed086cfd"
        try "providers: {portal: {organization: relief, tokens: [{sha256: \(hash)}]}}"
            .write(toFile: path, atomically: true, encoding: .utf8)
        let environment = ["INTAKE_HTTP_HOST": host, "INTAKE_PROVIDERS_FILE": path]
        var settings = Settings(ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment)))
        _ = IngestConfiguration(&settings)
        #expect(settings.problems.map(\.key) == (isRefused ? ["providers.file"] : []))
    }
}
