import Contracts
import Foundation
import HTTPTypes
import Testing

@testable import IngestService

/// What every `RequestStore` must do with keys.
///
/// Idempotency keys conformance.
@Suite(.serialized)
struct IdempotencyConformanceTests {
    private func accept(
        _ store: RequestStore, key: String, at date: Date = Fixture.now, id: String = "R-1"
    ) async throws -> (RequestID, Acceptance) {
        let submission = Fixture.submission(providerRequestID: id)
        let request = Fixture.newRequest(at: date, submission: submission)
        let claim = IdempotencyClaim(
            key: try #require(try IdempotencyKey.of([.idempotencyKey: key])), submission: submission)
        return (request.id, try await store.accept(request, event: try Fixture.event(request), claim: claim))
    }

    @Test(arguments: StoreDriver.allCases)
    func theAnswerIsKeptWithTheRequest(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let (id, first) = try await accept(store, key: "k")
            #expect(first == .accepted)
            #expect(try await accept(store, key: "k").1 == .replayed(.accepted(id)))
            #expect(try await accept(store, key: "other").1 == .duplicate(of: id))
            #expect(try await accept(store, key: "other").1 == .replayed(.duplicate(of: id)))
            #expect(try await accept(store, key: "k", id: "R-2").1 == .keyReused)
            #expect(try await store.outboxStatus().count == 1)
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func ofRacingTriesOneIsAccepted(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let outcomes = try await withThrowingTaskGroup(of: (RequestID, Acceptance).self) { group in
                for _ in 0..<50 { group.addTask { try await accept(store, key: "k") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let accepted = outcomes.filter { $0.1 == .accepted }
            #expect(accepted.count == 1)
            let id = try #require(accepted.first?.0)
            #expect(outcomes.count { $0.1 == .replayed(.accepted(id)) } == 49)
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func oldKeysAreRemovedFewAtATime(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            for number in 0..<5 {
                _ = try await accept(store, key: "k\(number)", at: Fixture.now + Double(number), id: "R-\(number)")
            }
            let cutoff = Fixture.now + 4
            #expect(try await store.removeExpiredIdempotencyKeys(before: cutoff, limit: 3) == 3)
            #expect(try await store.removeExpiredIdempotencyKeys(before: cutoff, limit: 3) == 1)
            #expect(try await store.removeExpiredIdempotencyKeys(before: cutoff, limit: 3) == 0)
            #expect(try await accept(store, key: "k0", id: "R-0").1.duplicateOf != nil)
            guard case .replayed = try await accept(store, key: "k4", id: "R-4").1 else {
                Issue.record("a key that is not old was removed")
                return
            }
        }
    }
}
