import Contracts
import Foundation
import GRDB
import Logging
import Synchronization
import Testing

@testable import IngestService

/// ReviewDeadlines.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct ReviewDeadlinesTests {
    @Test func itSleepsUntilTheNearestDeadlineAndDecidesThen() async throws {
        try await withSQLiteStore { base, _ in
            let faults = FaultyDatabase(base)
            let store = faults.store
            let clock = Mutex(Fixture.now)
            let handedOver = APIHarness.HandedOver()
            let deadlines = ReviewDeadlines(
                store: handedOver.follow(store), waiters: JobWaiters(limit: 1), logger: Logger(label: "test"),
                now: { clock.withLock { $0 } })
            #expect(await deadlines.decideOverdue() == ReviewDeadlines.patience)
            let id = try await inReview(store, deadline: 7200)
            #expect(await deadlines.decideOverdue() == ReviewDeadlines.patience, "a clock may be set")
            clock.withLock { $0 = Fixture.now + 7170 }
            #expect(await deadlines.decideOverdue() == .seconds(30))
            #expect(handedOver.entries.isEmpty)

            clock.withLock { $0 = Fixture.now + 7200 }
            faults.fail(.write, times: 1)
            #expect(await deadlines.decideOverdue() == .seconds(5), "the store was away")
            #expect(await deadlines.decideOverdue() == ReviewDeadlines.patience)
            #expect(handedOver.entries.map(\.message.requestID) == [id])
            #expect(try await store.request(id)?.decision?.reason == .reviewOverdue)
            #expect(await deadlines.decideOverdue() == ReviewDeadlines.patience)
            #expect(handedOver.entries.count == 1, "once")
        }
    }

    @Test(arguments: StoreDriver.allCases) func moreThanOneTransactionHoldsAreAllDecided(_ driver: StoreDriver)
        async throws
    {
        try await driver.withStore { store in
            for _ in 0..<120 { _ = try await inReview(store, deadline: 10) }
            let handedOver = APIHarness.HandedOver()
            let deadlines = ReviewDeadlines(
                store: handedOver.follow(store), waiters: JobWaiters(limit: 1), logger: Logger(label: "test"),
                now: { Fixture.now + 11 })
            _ = await deadlines.decideOverdue()
            #expect(Set(handedOver.entries.compactMap(\.message.requestID)).count == 120)
        }
    }

    @Test func oneThatCannotBeReadIsLeftAndTheOthersAreDecided() async throws {
        try await withSQLiteStore { store, _ in
            var ids: [RequestID] = []
            for deadline in [10.0, 11, 12, 13] { ids.append(try await inReview(store, deadline: deadline)) }
            let later = try await inReview(store, deadline: 50)
            let (status, doubts) = ("\(ids[0])", "\(ids[2])")
            try await store.pool.write { database in
                try database.execute(sql: "UPDATE request SET status = 'odd' WHERE id = ?", arguments: [status])
                try database.execute(
                    sql: "UPDATE request SET geocoded_at = 1, geocoding_doubts = '{' WHERE id = ?", arguments: [doubts])
            }
            let handedOver = APIHarness.HandedOver()
            let deadlines = ReviewDeadlines(
                store: handedOver.follow(store), waiters: JobWaiters(limit: 1), logger: Logger(label: "test"),
                now: { Fixture.now + 20 })
            #expect(await deadlines.decideOverdue() == .seconds(30), "until the next that can be")
            #expect(handedOver.entries.compactMap(\.message.requestID) == [ids[1], ids[3]])
            // Nothing of the broken ones is half written, and they are there for whoever mends them.
            #expect(try await store.outboxStatus().count == 7)
            try await store.pool.write { database in
                try database.execute(sql: "UPDATE request SET status = NULL WHERE id = ?", arguments: [status])
            }
            #expect(try await store.openReviews(after: nil, limit: 10).map(\.id) == [ids[0], later])
            _ = await deadlines.decideOverdue()
            #expect(handedOver.entries.last?.message.requestID == ids[0])
        }
    }

    @Test(arguments: StoreDriver.allCases) func aReviewWithANearerDeadlineWakesIt(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let patience = Patience()
            let (decided, continuation) = AsyncStream<RequestID?>.makeStream()
            var told = store
            told.handOver = { for entry in $0 { continuation.yield(entry.message.requestID) } }
            let deadlines = ReviewDeadlines(
                store: told, waiters: JobWaiters(limit: 1),
                logger: Logger(label: "test"), now: { Fixture.now + 60 }, sleep: patience.sleep)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await deadlines.run() }
                await patience.begins()
                let id = try await inReview(store, deadline: 30)
                deadlines.wake()
                #expect(await decided.first { _ in true } == id)
                await patience.begins()
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }

    private func inReview(_ store: RequestStore, deadline: Double) async throws -> RequestID {
        let request = Fixture.newRequest()
        _ = try await store.accept(request, event: try Fixture.event(request))
        _ = try await store.apply(Fixture.reviewRequested(deadline: deadline), to: request.id)
        return request.id
    }
}
