import Contracts
import Foundation
import GRDB
import HTTPTypes
import Synchronization
import Testing

@testable import IngestService

/// Idempotency-Key.
@Suite(.serialized)
struct IdempotencyAPITests {
    private static func key(_ text: String) -> HTTPFields { [.idempotencyKey: text] }

    @Test(arguments: StoreDriver.allCases) func theFirstAnswerComesAgain(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            try await APIHarness.with(store) { api in
                let body = try Fixture.json()
                let first = try await api.post(body, headers: Self.key("k"))
                #expect(first.status == 202 && first.headers[.idempotencyReplayed] == nil)
                // Written otherwise, the same all the same.
                let again = try await api.post(
                    try Fixture.json(["phone": "+1 (617) 555-0100", "name": " Ada Example "]),
                    headers: Self.key("\"k\""))
                #expect(again.status == 202 && again.headers[.idempotencyReplayed] == "true")
                #expect(again.bytes == first.bytes)
                #expect(again.headers[.location] == first.headers[.location])
                #expect(api.handedOver.entries.count == 1)
                #expect(try await store.outboxStatus().count == 1)
            }
        }
    }

    @Test(arguments: StoreDriver.allCases) func aConflictComesAgainToo(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            try await APIHarness.with(store) { api in
                let body = try Fixture.json()
                let id = try #require(try await api.post(body).id)
                let first = try await api.post(body, headers: Self.key("k"))
                let again = try await api.post(body, headers: Self.key("k"))
                #expect(first.status == 409 && again.status == 409 && again.isProblem)
                #expect(first.headers[.idempotencyReplayed] == nil && again.headers[.idempotencyReplayed] == "true")
                #expect(first.bytes == again.bytes && again.id == id)
            }
        }
    }

    @Test(arguments: StoreDriver.allCases) func aKeyIsForOneSubmissionOfOneProvider(_ driver: StoreDriver) async throws
    {
        try await driver.withStore { store in
            try await APIHarness.with(store) { api in
                #expect(try await api.post(try Fixture.json(), headers: Self.key("k")).status == 202)
                let other = try await api.post(try Fixture.json(["providerRequestId": "R-2"]), headers: Self.key("k"))
                #expect(other.status == 422 && other.problem == "idempotency-key-reused")
                let stranger = try await api.post(
                    try Fixture.json(), authorization: Fixture.otherToken, headers: Self.key("k"))
                #expect(stranger.status == 202)
                #expect(try await store.outboxStatus().count == 2)
            }
        }
    }

    @Test func whatWasNotStoredIsNotKept() async throws {
        try await withSQLiteStore { base, _ in
            let faults = FaultyDatabase(base)
            let store = faults.store
            faults.fail(.write, times: 1)
            try await APIHarness.with(store) { api in
                #expect(try await api.post(try Fixture.json(["zip": "x"]), headers: Self.key("k")).status == 422)
                #expect(try await api.post(try Fixture.json(), headers: Self.key("k")).status == 503)
                let answer = try await api.post(try Fixture.json(), headers: Self.key("k"))
                #expect(answer.status == 202 && answer.headers[.idempotencyReplayed] == nil)
            }
        }
    }

    @Test(arguments: StoreDriver.allCases) func aBadKeyIsRefused(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            try await APIHarness.with(store) { api in
                let answer = try await api.post(try Fixture.json(), headers: Self.key("two words"))
                #expect(answer.status == 400 && answer.problem == "bad-idempotency-key")
                #expect(try await store.outboxStatus().count == 0)
            }
        }
    }

    @Test(arguments: StoreDriver.allCases) func aDayLaterTheKeyIsNew(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let now = Mutex(Fixture.now)
            try await APIHarness.with(store, adapt: { $0.now = { now.withLock { $0 } } }) { api in
                let first = try await api.post(try Fixture.json(), headers: Self.key("k"))
                now.withLock { $0 += 86_399 }
                #expect(try await api.post(try Fixture.json(), headers: Self.key("k")).bytes == first.bytes)
                now.withLock { $0 += 2 }
                let later = try await api.post(try Fixture.json(), headers: Self.key("k"))
                #expect(later.status == 409 && later.headers[.idempotencyReplayed] == nil)
                // The new answer took the old one's place.
                #expect(try await api.post(try Fixture.json(), headers: Self.key("k")).status == 409)
                let other = try await api.post(try Fixture.json(["providerRequestId": "R-2"]), headers: Self.key("k"))
                #expect(other.problem == "idempotency-key-reused")
            }
        }
    }

    @Test func twoAtOnceAreOneAnswer() async throws {
        try await withSQLiteStore { store, _ in
            let keys = KeysUnderWay()
            let gate = DispatchSemaphore(value: 0)
            try await APIHarness.with(store, adapt: { $0.keysUnderWay = keys }) { api in
                let body = try Fixture.json()
                // The writer is busy, so that the first one waits for its commit.
                store.pool.asyncWriteWithoutTransaction { _ in gate.wait() }
                async let first = api.post(body, headers: Self.key("k"))
                while keys.count == 0 { await Task.yield() }
                let second = try await api.post(body, headers: Self.key("k"))
                gate.signal()
                #expect(second.status == 409 && second.problem == "idempotency-key-in-use")
                #expect(second.headers[.retryAfter] == "1")
                #expect(try await first.status == 202)
                #expect(try await api.post(body, headers: Self.key("k")).headers[.idempotencyReplayed] == "true")
                #expect(keys.count == 0)
            }
        }
    }
}
