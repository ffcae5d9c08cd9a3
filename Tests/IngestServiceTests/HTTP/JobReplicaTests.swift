import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@testable import IngestService
@testable import PostgreSQL

/// Who waits for a job in one process is woken by what another one records.
@Suite(.serialized, .enabled(if: PostgresServer.isInstalled), .timeLimit(.minutes(3)))
struct JobReplicaTests {
    /// Two processes' waiters on one database of `server`, while `body` runs.
    private func withWaiters(
        _ url: String, _ body: @Sendable (_ own: JobWaiters, _ other: JobWaiters) async throws -> Void
    ) async throws {
        let address = try #require(PostgresAddress(url))
        let all = (0..<2).map { _ in JobWaiters(limit: 100, database: address, logger: .silent) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for waiters in all { group.addTask { try await waiters.run() } }
            defer { group.cancelAll() }
            try await body(all[0], all[1])
        }
    }

    @Test func anotherProcessWakesWhoWaits() async throws {
        try await withPostgresStore { _, url in
            try await withWaiters(url) { own, other in
                let (job, unrelated) = (RequestID(UUID()), RequestID(UUID()))
                let place = try #require(own.enter(job))
                let quiet = try #require(own.enter(unrelated))
                var (signals, silence) = (place.signals.makeAsyncIterator(), quiet.signals.makeAsyncIterator())
                // The first is for what may have been told before anybody knew that somebody waits here.
                #expect(await signals.next() != nil)
                #expect(await silence.next() != nil)
                for _ in 0..<5 {
                    other.wake(job)
                    #expect(await signals.next() != nil)
                }
                other.wakeAll()
                #expect(await signals.next() != nil)
                // Of the six, one was for it.
                #expect(await silence.next() != nil)
                own.leave(quiet)
                #expect(await silence.next() == nil)
                own.leave(place)
            }
        }
    }

    /// As many as come in a burst are all told, in few texts.
    @Test func manyAtOnceAreAllTold() async throws {
        try await withPostgresStore { _, url in
            try await withWaiters(url) { own, other in
                let jobs = (0..<90).map { _ in RequestID(UUID()) }
                let places = try jobs.map { try #require(own.enter($0)) }
                for place in places { _ = await place.signals.first { _ in true } }
                for _ in 0..<1000 { other.wake(RequestID(UUID())) }
                for job in jobs { other.wake(job) }
                for place in places { #expect(await place.signals.first { _ in true } != nil) }
                // More than are told one by one.
                for job in jobs { other.wake(job) }
                for _ in 0..<5000 { other.wake(RequestID(UUID())) }
                for place in places { #expect(await place.signals.first { _ in true } != nil) }
                for place in places { own.leave(place) }
            }
        }
    }

    @Test func textsAreAsLongAsTheServerTakes() {
        let ids = (0..<1000).map { _ in UUID().uuidString }
        let texts = PostgresChannel.packed(ids)
        #expect(texts.allSatisfy { $0.utf8.count < 8000 } && texts.count == 5)
        #expect(texts.flatMap { $0.split(separator: ",").map(String.init) } == ids)
        #expect(PostgresChannel.packed([String(repeating: "x", count: 9000), "a"]) == ["*,a"])
    }

    /// While the server is away nobody hears anything, and a process goes on; then it does again.
    @Test func aServerThatWasAwayIsListenedToAgain() async throws {
        let server = try await PostgresServer.start()
        try await server.run("CREATE DATABASE away")
        let url = server.url("away", more: "&connect_timeout=2")
        try await withWaiters(url) { own, other in
            let job = RequestID(UUID())
            let place = try #require(own.enter(job))
            let signals = Signals()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for await _ in place.signals { signals.count.add(1, ordering: .relaxed) } }
                try await eventually("it listens") { signals.all > 0 }
                for _ in 0..<2 {
                    try await server.crash()
                    let before = signals.all
                    own.wake(job)
                    try await eventually("what this process records wakes all the same") { signals.all > before }
                    try await server.restart()
                    // Two are for what may have been told meanwhile.
                    let away = signals.all
                    try await eventually("it hears the other again") {
                        other.wake(job)
                        return signals.all > away + 2
                    }
                }
                own.leave(place)
                try await group.waitForAll()
            }
        }
    }

    private final class Signals: Sendable {
        let count = Atomic(0)
        var all: Int { count.load(ordering: .relaxed) }
    }

    /// Nothing is told, and no commit made for it, while nobody else waits. On a server where nobody else writes.
    @Test func nothingIsToldWhileNobodyElseWaits() async throws {
        let server = try await PostgresServer.start(["fsync=off", "autovacuum=off"])
        let address = try #require(PostgresAddress(server.url("postgres")))
        let configuration = PostgresChannel.Configuration(name: "quiet", lock: 1, interest: .seconds(60))
        let (own, other) = (PostgresChannel(address, configuration), PostgresChannel(address, configuration))
        let (heard, news) = AsyncStream<PostgresChannel.News>.makeStream()
        own.listen {
            news.yield($0)
        } troubled: { _ in
        }
        defer { own.close() }
        var iterator = heard.makeAsyncIterator()
        #expect(await iterator.next() == .unknown)
        own.want()
        #expect(await iterator.next() == .unknown)
        let before = try await nextTransaction(address)
        // Of the two only the other's interest counts.
        own.tell("mine")
        other.listen { _ in
        } troubled: { _ in
        }
        defer { other.close() }
        other.tell("theirs")
        #expect(await iterator.next() == .text("theirs"))
        #expect(try await nextTransaction(address) - before == 1, "one transaction has written, the other's")
    }

    private func nextTransaction(_ address: PostgresAddress) async throws -> Int64 {
        try await onThread {
            let connection = PostgresConnection(address, PostgresLimits())
            _ = try connection.open()
            var number: Int64 = 0
            try connection.begin("BEGIN")
            try connection.forEachRow("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint") { row in
                if case .integer(let found) = row.first { number = found }
                return false
            }
            try connection.endReading()
            return number
        }
    }

    /// Two processes behind a balancer: the client waits in one, and the partner withdraws in the other.
    @Test func aLongPollEndsWithWhatAnotherProcessRecords() async throws {
        try await withPostgresStore { store, url in
            let directory = try TestDirectory.make("replicas")
            let processes = try (0..<2).map { number in
                let own = "\(directory)/\(number)"
                try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
                return try IngestProcess(own, store: url)
            }
            for process in processes { try await process.service.awaitReady() }
            let posted = try await processes[0].post(try Fixture.json())
            #expect(posted == 202)
            let id = try #require(
                try await store.read { transaction in
                    try transaction.first("SELECT id FROM request") { try $0["id"] as String }
                })
            let began = ContinuousClock.now
            async let answer = processes[0].get("/api/jobs/\(id)?redirect=no", ["prefer": "wait=30"])
            try await eventually("the process has told that somebody waits there") {
                let count: Int? = try await store.read {
                    try $0.value(
                        """
                        SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock'
                            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                            AND (classid::bigint << 32) + objid::bigint = 7235418122
                        """)
                }
                return count == 1
            }
            #expect(try await processes[1].withdraw(id) == 200)
            let withdrawn = ContinuousClock.now
            let (status, applied) = try await answer
            #expect(status == 200 && applied == "wait=30")
            #expect(withdrawn.duration(to: .now) < .seconds(5))
            #expect(began.duration(to: .now) < .seconds(29))
            for process in processes { try await process.service.kill() }
        }
    }
}

extension IngestProcess {
    /// - Returns: the status, and which preference was applied.
    fileprivate func get(_ path: String, _ headers: [String: String]) async throws -> (Int, String?) {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.headers = ["authorization": "Bearer \(Self.token)"]
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        _ = try await response.body.collect(upTo: 1 << 20)
        return (Int(response.status.code), response.headers.first(name: "preference-applied"))
    }

    fileprivate func withdraw(_ id: String) async throws -> Int {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/api/requests/\(id)/withdraw")
        request.method = .POST
        request.headers = ["authorization": "Bearer \(Self.token)", "content-type": "application/json"]
        request.body = .bytes(ByteBuffer(string: #"{"reason": "found help"}"#))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        _ = try await response.body.collect(upTo: 1 << 20)
        return Int(response.status.code)
    }
}
