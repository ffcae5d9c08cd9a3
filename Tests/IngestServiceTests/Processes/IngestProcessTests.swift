import AsyncHTTPClient
import Foundation
import GRDB
import NIOCore
import NIOHTTP1
import NIOSSL
import TestSupport
import Testing

@testable import IngestService

/// The built executable, one of it or several, as partners meet it.
///
/// Ingest processes.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct IngestProcessTests {
    @Test(arguments: StoreDriver.allCases)
    func ofFiveHundredRacingDuplicatesOneIsAccepted(_ driver: StoreDriver) async throws {
        try await race(driver, processes: 1)
    }

    @Test(arguments: StoreDriver.allCases)
    func threeProcessesOnOneStoreAcceptOneOfFiveHundred(_ driver: StoreDriver) async throws {
        try await race(driver, processes: 3)
    }

    private func race(_ driver: StoreDriver, processes count: Int) async throws {
        switch driver {
        case .sqlite:
            let store = "\(try TestDirectory.make("race"))/intake.sqlite"
            try await race(store, processes: count)
            let rows = try await DatabaseQueue(path: store).read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM request")
            }
            #expect(rows == 1)
        case .postgres:
            try await withPostgresStore { store, url in
                try await race(url, processes: count)
                let rows: Int? = try await store.read { try $0.value("SELECT count(*) FROM request") }
                #expect(rows == 1)
            }
        }
    }

    private func race(_ store: String, processes count: Int) async throws {
        let directory = try TestDirectory.make("race")
        let processes = try (0..<count).map { number in
            let own = "\(directory)/\(number)"
            try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
            return try IngestProcess(own, store: store)
        }
        for process in processes { try await process.service.awaitReady() }
        let body = try Fixture.json()
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<500 { group.addTask { try await processes[number % count].post(body) } }
            return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(statuses == [202: 1, 409: 499])
        for process in processes { try await process.service.kill() }
    }

    /// One line, which says what is wrong and no secret, and the status of a wrong configuration.
    @Test(
        .enabled(if: PostgresServer.isInstalled),
        arguments: [
            ("postgresql://intake:secret@127.0.0.1:1/x", "postgresql://127.0.0.1:1/x: "),
            ("postgresql://intake:secret@/x?host=/nonexistent", "postgresql:///nonexistent/x: "),
            ("postgresql://intake:secret@a:b:c/x", "is not postgresql://"),
            ("mysql://intake:secret@127.0.0.1/x", "is not postgresql://"),
        ])
    func aWrongStoreURLEndsTheStart(_ url: String, _ text: String) async throws {
        let directory = try TestDirectory.make("url")
        let process = try IngestProcess(directory, store: "unused", more: ["INTAKE_STORE_URL": url])
        #expect(try await process.service.end() == .exited(78))
        let lines = await process.service.log().split(separator: "\n").filter { $0.contains("INTAKE_STORE_URL") }
        #expect(lines.count == 1 && lines[0].contains("INTAKE_STORE_URL (store.url): \(text)"))
        #expect(await !process.service.log().contains("secret"))
    }

    /// While the server is away, requests are refused and readiness says so; then both are as before.
    @Test(.enabled(if: PostgresServer.isInstalled)) func aServerThatGoesAwayIs503AndLosesNothing() async throws {
        let server = try await PostgresServer.start()
        let directory = try TestDirectory.make("away")
        let process = try IngestProcess(directory, store: server.url("postgres"))
        try await process.service.awaitReady()
        #expect(try await process.post(try Fixture.json(["providerRequestId": "R-1"])) == 202)
        try await server.crash()
        #expect(try await process.post(try Fixture.json(["providerRequestId": "R-2"])) == 503)
        try await eventually("it is not ready") { try await process.service.get("health/ready").status == 503 }
        try await server.restart()
        try await process.service.awaitReady()
        #expect(try await process.post(try Fixture.json(["providerRequestId": "R-1"])) == 409)
        #expect(try await process.post(try Fixture.json(["providerRequestId": "R-2"])) == 202)
        try await process.service.kill()
        #expect(await !process.service.log().contains("Ada"))
    }

    @Test func aFileThatMayNotGrowIs503AndLosesNothing() async throws {
        let directory = try TestDirectory.make("full")
        let store = "\(directory)/intake.sqlite"
        let process = try IngestProcess(directory, store: store)
        try await process.service.awaitReady()
        let identifier = await process.service.childProcess.processID
        // As much as the files have now and a little more: as on a disk that fills up.
        let limiter = try ChildProcess(
            name: "prlimit", command: ["/usr/bin/prlimit", "--pid", "\(identifier)", "--fsize=400000"],
            logPath: "\(directory)/prlimit.log")
        #expect(try await limiter.end(within: .seconds(10)) == .exited(0))
        var statuses: [Int: Int] = [:]
        for number in 0..<200 {
            let body = try Fixture.json([
                "providerRequestId": "R-\(number)", "name": String(repeating: "x", count: 200),
            ])
            statuses[try await process.post(body), default: 0] += 1
        }
        print("disk full: \(statuses)")
        #expect(Set(statuses.keys) == [202, 503])
        try await process.service.kill()
        let rows = try await DatabaseQueue(path: store).read { database in
            try ["request", "outbox"].map { try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)") ?? 0 }
        }
        #expect(rows == [statuses[202] ?? 0, statuses[202] ?? 0])
    }

    @Test func idleConnectionsMakeRoomForNewOnes() async throws {
        let directory = try TestDirectory.make("connections")
        let process = try IngestProcess(
            directory, store: "\(directory)/intake.sqlite", more: ["INTAKE_HTTP_CONNECTIONS": "16"])
        try await process.service.awaitReady()
        try await withThrowingTaskGroup(of: Bool.self) { group async throws in
            for _ in 0..<64 {
                // Ends when the server closes it; the limit of a minute is far away.
                group.addTask { try await RawConnection.exchange(port: process.port, "").isEmpty }
            }
            for _ in 0..<48 { #expect(try await group.next() == true) }
            #expect(try await process.post(try Fixture.json()) == 202)
            group.cancelAll()
        }
        try await process.service.kill()
    }

    @Test func moreClientsThanPlacesAreAllAnswered() async throws {
        let directory = try TestDirectory.make("connections")
        let process = try IngestProcess(
            directory, store: "\(directory)/intake.sqlite", more: ["INTAKE_HTTP_CONNECTIONS": "16"])
        try await process.service.awaitReady()
        let body = try Fixture.json()
        let head =
            "POST /api/requests HTTP/1.1\r\nHost: a\r\nAuthorization: \(IngestProcess.token)\r\n"
            + "Content-Type: application/json\r\nConnection: close\r\nContent-Length: \(body.count)\r\n\r\n"
        // A connection whose request has not come yet makes room, and whoever had it comes again, as clients do.
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    while true {
                        do {
                            let answer: String? = try await RawConnection.with(port: process.port) {
                                inbound, outbound in
                                var inbound = inbound
                                try await outbound.write(ByteBuffer(string: head))
                                try await outbound.write(ByteBuffer(bytes: body))
                                return try await inbound.next().map { String(String(buffer: $0).prefix(12)) }
                            }
                            if let answer { return answer }
                        } catch ChannelError.ioOnClosedChannel, is IOError {
                            // It made room: once more.
                        }
                        try Task.checkCancellation()
                    }
                }
            }
            return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(answers.values.reduce(0, +) == 40)
        #expect(answers["HTTP/1.1 202", default: 0] <= 1, "its answer may have gone with its connection")
        #expect(Set(answers.keys).isSubset(of: ["HTTP/1.1 202", "HTTP/1.1 409"]))
        try await process.service.kill()
    }

    @Test(arguments: ["trace", "debug"])
    func noLogNamesAnybody(_ level: String) async throws {
        let directory = try TestDirectory.make("log")
        let process = try IngestProcess(
            directory, store: "\(directory)/intake.sqlite", more: ["INTAKE_LOG_LEVEL": level])
        try await process.service.awaitReady()
        let personal = [
            "name": "Zaphod Recognisable", "phone": "212-555-0147", "email": "zaphod.recognisable@example.org",
            "address": "42 Recognisable Street", "providerData": "Recognisable data",
        ]
        #expect(try await process.post(try Fixture.json(personal)) == 202)
        #expect(try await process.post(try Fixture.json(personal)) == 409)
        var broken = personal
        broken["zip"] = "Recognisable zip"
        #expect(try await process.post(try Fixture.json(broken)) == 422)
        #expect(try await process.post(Data("{\"name\": \"Recognisable\"".utf8)) == 400)
        let half = "POST /api/requests HTTP/1.1\r\nAuthorization: test-token-Recognisable\r\nX: Recognisable\r\n"
        _ = try await RawConnection.exchange(port: process.port, half + "Connection: close\r\n\r\n")
        _ = try await RawConnection.exchange(port: process.port, half + "Recognisable\r\n\r\n")
        try await process.service.kill()
        let log = await process.service.log()
        #expect(log.contains("The API is listening."))
        for text in ["ecognisable", "555-0147", "5550147", "Bearer", "token-"] {
            #expect(!log.contains(text), "\(text)")
        }
    }

    @Test func withACertificateTheAPISpeaksTLS() async throws {
        let directory = try TestDirectory.make("tls")
        let maker = try ChildProcess(
            name: "certificates", command: [Repository.path("deploy/certificates"), directory],
            logPath: "\(directory)/certificates.log")
        #expect(try await maker.end(within: .seconds(30)) == .exited(0))
        let process = try IngestProcess(
            directory, store: "\(directory)/intake.sqlite",
            more: [
                "INTAKE_HTTP_TLS_CERTIFICATE": "\(directory)/server.pem",
                "INTAKE_HTTP_TLS_KEY": "\(directory)/server-key.pem",
            ])
        try await process.service.awaitReady()
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file("\(directory)/ca.pem")
        let client = HTTPClient(configuration: HTTPClient.Configuration(tlsConfiguration: tls))
        let request = HTTPClientRequest(url: "https://127.0.0.1:\(process.port)/api/nothing")
        let response = try await client.execute(request, timeout: .seconds(10))
        #expect(response.status == .notFound)
        #expect(response.headers["strict-transport-security"] == ["max-age=31536000"])
        #expect(try await process.post(try Fixture.json(), scheme: "https", client: client) == 202)
        try await client.shutdown()
        try await process.service.kill()
    }
}
