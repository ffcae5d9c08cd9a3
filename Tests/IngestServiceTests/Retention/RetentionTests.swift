import Contracts
import Foundation
import GRDB
import HTTPTypes
import Logging
import Synchronization
import Testing

@testable import IngestService

/// Retention.
@Suite(.serialized)
struct RetentionTests {
    private static let day = 86400.0
    private static let times = RetentionTimes(personalData: .seconds(365 * 86400), jobs: .seconds(30 * 86400))

    @Test(arguments: StoreDriver.allCases)
    func whatIsSettledGoesWhenItsTimeIsOver(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let told = try await accepted(store, [Fixture.geocoded(), Fixture.decided(), Fixture.delivered()])
            let under = try await accepted(store, [Fixture.geocoded()])
            let dead = try await accepted(store, [Fixture.dead(.geocode, after: 1)])
            let discarded = try await accepted(
                store, [Fixture.dead(.geocode, after: 1), Fixture.discarded(.geocode, deadLettering: 1, after: 2)])
            let counts = try await store.requestCounts()

            try await sweep(store, after: 29)
            for id in [told, under, dead, discarded] { #expect(try await store.request(id)?.expiredAt == nil) }
            try await sweep(store, after: 31)
            for (id, isGone) in [(told, true), (under, false), (dead, false), (discarded, true)] {
                let request = try #require(try await store.request(id))
                #expect((request.expiredAt != nil) == isGone && request.erasedAt == nil)
                #expect(request.submission.name == "Ada Example")
                if isGone { #expect(try await store.job(id)?.timeline == []) }
            }
            try await sweep(store, after: 364)
            #expect(try await store.request(told)?.erasedAt == nil)
            try await sweep(store, after: 366)
            for (id, isErased) in [(told, true), (under, false), (dead, true), (discarded, true)] {
                let request = try #require(try await store.request(id))
                #expect((request.erasedAt != nil) == isErased)
                #expect(request.submission.name.isEmpty == isErased && request.submission.email.isEmpty == isErased)
                #expect(request.submission.address.street.isEmpty == isErased)
                #expect((request.submission.providerData == nil) == isErased)
                #expect(request.submission.address.zip == "02108")
            }
            #expect(try await store.request(told)?.decision?.acceptance == true)
            #expect(try await store.requestCounts() == counts, "the counts stay right")
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func theProvidersIdIsTakenForEver(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            try await APIHarness.with(store) { api in
                let first = try #require(try await api.post(try Fixture.json()).id)
                _ = try await store.apply(Fixture.delivered(), to: first)
                try await sweep(store, after: 400)
                let again = try await api.post(try Fixture.json())
                let location = try #require(again.headers[.location])
                #expect(again.status == 409 && again.id == first)
                let job = try await api.get(location)
                #expect(job.status == 410 && job.json["type"] as? String == "urn:intake:problem:gone")
                let request = try await api.get("/api/requests/\(first)")
                #expect(request.status == 200 && request.json["erasedAt"] is String)
                for key in ["name", "address", "phone", "email", "providerData"] {
                    #expect(request.json[key] is NSNull, "\(key)")
                }
                #expect(request.json["city"] as? String == "Boston")
            }
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func aStepBringsAJobBack(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let id = try await accepted(store, [Fixture.decided(), Fixture.delivered()])
            try await sweep(store, after: 31)
            let at = Fixture.now + 60 * Self.day
            let change = StatusChange(step: .scheduled, at: at, traceParent: Fixture.traceParent)
            _ = try await store.changeStatus(of: id, within: Fixture.provider.organization, change)
            #expect(try await store.job(id)?.notification?.state == .pending)
            #expect(try await store.request(id)?.expiredAt == nil)
            try await sweep(store, after: 61)
            #expect(try await store.request(id)?.expiredAt == nil)
            try await sweep(store, after: 91)
            #expect(try await store.request(id)?.expiredAt != nil)
        }
    }

    @Test func whatIsErasedIsNowhereInTheFile() async throws {
        try await withSQLiteStore { store, path in
            let names = (0..<400).map { "Wilhelmina-Number-\($0)-" }
            var ids: [RequestID] = []
            for (index, name) in names.enumerated() {
                let request = Fixture.newRequest(
                    at: Fixture.now + Double(index),
                    submission: Fixture.submission(
                        name: name, street: "\(index) Secret-Street", providerData: "about \(name)"))
                let event = try Fixture.event(request)
                let entry = try await store.accepted(request, event: event)
                if index.isMultiple(of: 3) {
                    let letter = Fixture.letter(.geocode, of: request.id, body: event.body)
                    _ = try await store.apply(.dead(letter), to: request.id)
                }
                try await store.removeFromOutbox(entry.sequence)
                ids.append(request.id)
            }
            // Rows that grow move about.
            for fact in [Fixture.geocoded(), Fixture.decided(), Fixture.delivered()] {
                for id in ids { _ = try await store.apply(fact, to: id) }
            }
            for id in ids.prefix(50) { _ = try await store.erasePersonalData(of: id, force: false, at: Fixture.now) }
            #expect(try await store.truncateLog())
            let half = try text(path)
            #expect(!half.contains("Wilhelmina-Number-49-") && half.contains("Wilhelmina-Number-50-"))
            try await sweep(store, after: 400)
            let all = try text(path)
            for secret in ["Wilhelmina", "Secret-Street", "617 555 0100", "ada@example.org"] {
                #expect(!all.contains(secret), "\(secret)")
            }
            #expect(all.contains("Boston"))
        }
    }

    @Test func aRoundGoesOnUntilNothingIsLeft() async throws {
        try await withSQLiteStore { base, _ in
            let faults = FaultyDatabase(base)
            let store = faults.store
            let calls = Mutex<[Int]>([])
            let pauses = Mutex(0)
            let sweep = RetentionSweep(name: "things") { _, _, limit async throws(StoreError) in
                let call = calls.withLock { calls in
                    calls.append(limit)
                    return calls.count
                }
                if call == 4 { throw StoreError(code: .unavailable, detail: "scripted") }
                return call == 3 ? 7 : limit
            }
            let retention = Retention(
                store: store, log: log(store), sweeps: [sweep], logger: Logger(label: "test"), now: { Fixture.now },
                sleep: { _ in pauses.withLock { $0 += 1 } })
            try await retention.sweep()
            #expect(calls.withLock { $0 } == [100, 100, 100] && pauses.withLock { $0 } == 2)
            // A store that is away is asked again in the next round.
            try await retention.sweep()
            #expect(calls.withLock { $0.count } == 4)
        }
    }

    @Test(arguments: StoreDriver.allCases) func itEndsWhenTheServiceStops(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let retention = Retention(
                store: store, log: log(store), sweeps: RetentionSweep.all(Self.times), logger: Logger(label: "test"))
            let task = Task { try await retention.run() }
            task.cancel()
            try await task.value
        }
    }

    /// Whatever the clocks of those say who told the partner or discarded a letter.
    @Test(arguments: [-315_360_000.0, -3600, 0, 3600, 315_360_000])
    func theEndIsByThisHostsClock(_ skew: Double) async throws {
        let clock = Mutex(Fixture.now)
        try await StoreDriver.sqlite.withStore(now: { clock.withLock { $0 } }) { store in
            let told = try await accepted(store, [])
            let discarded = try await accepted(store, [])
            clock.withLock { $0 = Fixture.now + 40 * Self.day }
            _ = try await store.apply(Fixture.delivered(after: skew), to: told)
            _ = try await store.apply(Fixture.dead(.geocode, after: skew), to: discarded)
            _ = try await store.apply(
                Fixture.discarded(.geocode, deadLettering: skew, after: skew, replays: 0), to: discarded)
            try await sweep(store, after: 69)
            for id in [told, discarded] { #expect(try await store.request(id)?.expiredAt == nil) }
            try await sweep(store, after: 71)
            for id in [told, discarded] { #expect(try await store.request(id)?.expiredAt != nil) }
        }
    }

    @Test func lettersWithoutARequestEnd() async throws {
        try await withSQLiteStore { store, path in
            let known = try await accepted(store, [])
            let secret = Array("the Secret-Street".utf8)
            let waiting = Fixture.letter(.geocode, body: secret)
            let resolved = Fixture.letter(.decision, of: Fixture.id(), body: secret)
            let kept = Fixture.letter(.geocode, of: known)
            // By a clock that is years ahead.
            var ahead = Fixture.letter(.callback, after: 315_360_000, body: secret)
            ahead.requestID = nil
            for letter in [waiting, resolved, kept, ahead] {
                _ = try await store.apply(.dead(letter), to: letter.requestID)
            }
            let resolution = Fixture.replayed(.decision, deadLettering: 1, after: 2, id: resolved.messageID, replays: 0)
            _ = try await store.apply(resolution, to: nil)
            // An operator's word about a letter that never came.
            _ = try await store.apply(
                Fixture.replayed(.geocode, deadLettering: 1, after: 2, id: UUID(), replays: 0), to: nil)
            func rows() async throws -> Int {
                try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM dead_letter") ?? 0 }
            }
            try await sweep(store, after: 29)
            #expect(try await rows() == 5)
            try await sweep(store, after: 31)
            #expect(try await rows() == 3)
            #expect(try await store.deadLetters(waiting.messageID).count == 1, "somebody may want to see it")
            try await sweep(store, after: 366)
            #expect(try await rows() == 1)
            #expect(try await store.deadLetters(kept.messageID).count == 1, "it ends with its request")
            #expect(try !text(path).contains("Secret-Street"))
        }
    }

    @Test func whatComesAfterTheEndBringsNothingPersonalBack() async throws {
        try await withSQLiteStore { store, path in
            let id = try await accepted(store, [Fixture.geocoded()])
            _ = try await store.erasePersonalData(of: id, force: true, at: Fixture.now)
            let late = Fixture.letter(.geocode, of: id, body: Array("the Secret-Street".utf8))
            _ = try await store.apply(.dead(late), to: id)
            #expect(try await store.deadLetters(late.messageID).map(\.message.bodyBytes) == [0])
            #expect(try !text(path).contains("Secret-Street"))
        }
    }

    @Test func endpointsOfWhichNothingIsHeardAreForgotten() async throws {
        try await withSQLiteStore { store, _ in
            _ = try await store.apply(Fixture.degraded(after: 1), to: nil)
            let count = { try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM endpoint") } }
            try await sweep(store, after: 29)
            #expect(try await count() == 1)
            try await sweep(store, after: 31)
            #expect(try await count() == 0)
        }
    }

    private func log(_ store: RequestStore) -> LogTruncation {
        LogTruncation(store: store, metrics: IngestMetrics(), logger: Logger(label: "test"))
    }

    private func text(_ path: String) throws -> String {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes += try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
        return String(decoding: bytes, as: UTF8.self)
    }

    private func sweep(_ store: RequestStore, after days: Double) async throws {
        let retention = Retention(
            store: store, log: log(store), sweeps: RetentionSweep.all(Self.times), logger: Logger(label: "test"),
            now: { Fixture.now + days * Self.day }, sleep: { _ in })
        try await retention.sweep()
    }

    private func accepted(_ store: RequestStore, _ facts: [ProgressUpdate]) async throws -> RequestID {
        let request = Fixture.newRequest()
        _ = try await store.accept(request, event: try Fixture.event(request))
        for fact in facts { _ = try await store.apply(fact, to: request.id) }
        return request.id
    }
}
