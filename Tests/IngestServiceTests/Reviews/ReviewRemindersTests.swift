import AdminAPI
import Contracts
import Foundation
import Logging
import Testing

@testable import IngestService

@Suite(.serialized) struct ReviewRemindersTests {
    private func inReview(_ store: RequestStore, deadline: Double) async throws -> Contracts.RequestID {
        let request = Fixture.newRequest()
        _ = try await store.accept(request, event: try Fixture.event(request))
        _ = try await store.apply(Fixture.reviewRequested(after: 0, deadline: deadline), to: request.id)
        return request.id
    }

    /// The events that ask again.
    private func remind(_ store: RequestStore, after seconds: Double) async throws -> [EventMessage] {
        let handedOver = APIHarness.HandedOver()
        await ReviewReminders(
            store: handedOver.follow(store), logger: Logger(label: "test"), now: { Fixture.now + seconds }
        ).remind()
        return handedOver.entries.map(\.message)
    }

    @Test(arguments: StoreDriver.allCases)
    func aReviewIsAskedForAgainOnceWhenThreeQuartersOfItsTimeAreOver(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let id = try await inReview(store, deadline: 4000)
            _ = try await inReview(store, deadline: 40_000)
            #expect(try await remind(store, after: 2999).isEmpty)
            let message = try #require(try await remind(store, after: 3000).first)
            let event = try Event<RequestReviewRequested>(message)
            #expect(event.requestID == id && event.source == "/intake/ingest")
            #expect(event.data.question == Fixture.review(after: 0, deadline: 4000).fact)
            #expect(event.data.request.organization == "relief-org")
            #expect(try await remind(store, after: 3001).isEmpty, "once")

            // It comes back to the projection, which has it already.
            let before = try await store.request(id)
            let question = event.data.question.received(askedAt: event.time, now: Fixture.now + 3002)
            _ = try await store.apply(.reviewRequested(question), to: id)
            #expect(try await store.request(id)?.review == before?.review)
            #expect(try await remind(store, after: 3003).isEmpty)
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func whatIsDecidedOrOverdueIsNotAskedForAgain(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let decided = try await inReview(store, deadline: 4000)
            _ = try await store.decideReview(of: decided, Fixture.verdict(.accept))
            _ = try await inReview(store, deadline: 3000)
            #expect(try await remind(store, after: 3500).isEmpty)
        }
    }

    @Test func moreThanOneTransactionHoldsAreAllAskedForAgain() async throws {
        try await withSQLiteStore { store, _ in
            for _ in 0...ReviewReminders.batch { _ = try await inReview(store, deadline: 100) }
            #expect(try await remind(store, after: 80).count == ReviewReminders.batch + 1)
        }
    }
}
