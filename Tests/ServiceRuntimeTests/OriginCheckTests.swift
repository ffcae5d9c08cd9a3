import Configuration
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging
import NIOEmbedded
import Synchronization
import Testing

@testable import ServiceRuntime

/// What a browser on the host may make an admin listener do: nothing for a page of somebody else's.
///
/// Browsers at the admin listener.
@Suite
struct OriginCheckTests {
    private static let loopback: Set<String> = ["127.0.0.1", "intake.example"]

    private func status(
        _ method: HTTPRequest.Method = .post, host: String?, hosts: Set<String>? = Self.loopback,
        path: String = "/admin/x", _ fields: HTTPFields = [:]
    ) async throws -> Int {
        let head = HTTPRequest(method: method, scheme: "http", authority: host, path: path, headerFields: fields)
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer()))
        let channel = EmbeddedChannel()
        // It and its loop hold each other until then; what is left in it does not matter.
        defer { _ = try? channel.finish() }
        let context = BasicRequestContext(
            source: ApplicationRequestContextSource(channel: channel, logger: Logger(label: "test")))
        let bodies = JSONBodies<BasicRequestContext>()
        return try await OriginCheck(hosts: hosts, pages: ["/console"]).handle(request, context: context) {
            request, context in
            try await bodies.handle(request, context: context) { _, _ in Response(status: .ok) }
        }.status.code
    }

    @Test(arguments: [
        "localhost", "localhost:8081", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:8081", "127.8.9.1:8081", "[::1]",
        "[::1]:8081",
        "intake.example", "Intake.Example:443",
    ])
    func itsOwnNamesAreTaken(_ host: String) async throws { #expect(try await status(host: host) == 200) }

    @Test(arguments: [
        "evil.example", "evil.example:8081", "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.256", "127.1",
        "0.0.0.0:8081", "[::2]:8081", "[::1].evil.example", "2130706433", "127.0.0.１", "", ":8081", "localhost:8081:x",
    ])
    func aNameThatWasPointedHereIsNot(_ host: String) async throws {
        // None at all is an HTTP/1.0 client's.
        #expect(try await status(.get, host: host) == (host.isEmpty ? 200 : 421))
        // Elsewhere than on a loopback address the token says who may.
        #expect(try await status(.get, host: host, hosts: nil) == 200)
    }

    @Test(arguments: [HTTPRequest.Method.get, .post, .delete, .put, .patch, .options])
    func otherSitesAreRefusedForReadsAndChanges(_ method: HTTPRequest.Method) async throws {
        let host = "127.0.0.1:8081"
        for origin in [
            "http://evil.example", "https://127.0.0.1:8080", "http://127.0.0.1", "http://localhost:8081", "null", "",
            "file://", "http://127.0.0.1:8081.evil.example", "HTTP://127.0.0.1:8081",
        ] {
            #expect(try await status(method, host: host, [.origin: origin]) == 403, "\(origin)")
            #expect(try await status(method, host: host, hosts: nil, [.origin: origin]) == 403, "\(origin)")
        }
        for site in ["cross-site", "same-site", "", "SAME-ORIGIN", "anything"] {
            #expect(try await status(method, host: host, [.fetchSite: site]) == 403, "\(site)")
        }
        for fields: HTTPFields in [
            [:], [.origin: "http://127.0.0.1:8081"], [.fetchSite: "same-origin"], [.fetchSite: "none"],
        ] { #expect(try await status(method, host: host, fields) == 200) }
    }

    @Test func somebodyMayComeToAPageFromElsewhere() async throws {
        let host = "127.0.0.1:8081"
        let visit: HTTPFields = [.fetchSite: "cross-site", .fetchMode: "navigate", .fetchDest: "document"]
        for path in ["/console", "/console/sign-in/with/chapter/callback?code=1"] {
            #expect(try await status(.get, host: host, path: path, visit) == 200, "\(path)")
            #expect(try await status(.post, host: host, path: path, visit) == 403, "\(path)")
        }
        for path in ["/admin/x", "/metrics", "/console2", "/", "/Console", "//console", "/admin/x?/console"] {
            #expect(try await status(.get, host: host, path: path, visit) == 403, "\(path)")
        }
        for (name, value) in [
            (HTTPField.Name.fetchMode, "cors"), (.fetchMode, nil), (.fetchDest, "iframe"), (.fetchDest, "embed"),
            (.fetchDest, nil), (.fetchSite, "anything"), (.origin, "https://evil.example"),
        ] {
            var fields = visit
            fields[name] = value
            #expect(try await status(.get, host: host, path: "/console", fields) == 403, "\(name) \(value ?? "")")
        }
        #expect(try await status(.get, host: "evil.example", path: "/console", visit) == 421)
    }

    @Test(
        arguments: [
            ("application/json", 200), ("application/json; charset=utf-8", 200), ("Application/JSON", 200),
            ("application/merge-patch+json", 415), ("application/reports+json", 415),
            ("application/csp-report", 415), ("text/plain", 415), ("text/plain; application/json", 415),
            ("application/x-www-form-urlencoded", 415), ("multipart/form-data; boundary=x", 415), ("", 415), (nil, 415),
            ("application/json; charset=utf-16", 415),
        ] as [(String?, Int)])
    func bodiesAreJSON(_ type: String?, _ expected: Int) async throws {
        var fields: HTTPFields = [.contentLength: "2"]
        fields[.contentType] = type
        #expect(try await status(host: "localhost", fields) == expected)
        fields[.contentLength] = nil
        fields[.transferEncoding] = "chunked"
        #expect(try await status(host: "localhost", fields) == expected)
        #expect(try await status(.get, host: "localhost", fields) == 200)
    }

    @Test func nothingIsNoBody() async throws {
        #expect(try await status(host: "localhost") == 200)
        #expect(try await status(host: "localhost", [.contentLength: "0"]) == 200)
        #expect(try await status(host: "localhost", [.contentLength: "0", .contentType: "text/plain"]) == 415)
    }

    @Test(arguments: [("127.0.0.1", true), ("localhost", true), ("::1", true), ("0.0.0.0", false), ("10.0.0.1", false)])
    func hostsAreCheckedOnALoopbackAddressAlone(_ host: String, _ areChecked: Bool) {
        let environment = [
            "INTAKE_ADMIN_HOST": host, "INTAKE_ADMIN_TOKEN": "t", "INTAKE_ADMIN_HOSTS": "Intake.example, other",
        ]
        var settings = Settings(
            ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment)))
        let hosts = ProcessSettings(&settings, name: "test").adminHosts
        #expect(hosts == (areChecked ? [host, "intake.example", "other"] : nil))
    }

    /// The checks write to disks: asked by everybody, they run once a second.
    @Test func theReportIsSharedAmongAllWhoAsk() async throws {
        let health = HealthRegistry()
        let asked = Mutex(0)
        health.addReadinessCheck("store") {
            asked.withLock { $0 += 1 }
            return nil
        }
        let time = Mutex(ContinuousClock.now)
        let report = SharedReport(health, now: { time.withLock { $0 } })
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 { group.addTask { await report.current().isReady } }
            for await isReady in group { #expect(isReady) }
        }
        #expect(asked.withLock { $0 } == 1)
        time.withLock { $0 += .milliseconds(999) }
        _ = await report.current()
        #expect(asked.withLock { $0 } == 1)
        time.withLock { $0 += .milliseconds(1) }
        _ = await report.current()
        #expect(asked.withLock { $0 } == 2)
    }

    @Test func theDemosTokensGuardNothingThatOthersReach() {
        for (host, published, isRefused) in [
            ("127.0.0.1", nil, false), ("0.0.0.0", nil, true), ("0.0.0.0", "127.0.0.1", false),
            ("0.0.0.0", "0.0.0.0", true),
            ("10.1.2.3", "10.1.2.3", true), ("::1", "0.0.0.0", false),
        ] as [(String, String?, Bool)] {
            var environment = [
                "INTAKE_ADMIN_HOST": host, "INTAKE_ADMIN_TOKEN": "trial-admin-token-not-for-production",
            ]
            environment["INTAKE_PUBLISHED_ADDRESS"] = published
            var settings = Settings(
                ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment)))
            _ = ProcessSettings(&settings, name: "test")
            #expect(settings.problems.map(\.key) == (isRefused ? ["admin.token"] : []), "\(host)")
            #expect(!settings.problems.contains { $0.text.contains("trial-") })
        }
    }
}

extension HTTPField.Name {
    fileprivate static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!
    fileprivate static let fetchMode = HTTPField.Name("Sec-Fetch-Mode")!
    fileprivate static let fetchDest = HTTPField.Name("Sec-Fetch-Dest")!
}
