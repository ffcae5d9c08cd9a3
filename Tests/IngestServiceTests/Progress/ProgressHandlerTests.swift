import Contracts
import Foundation
import Logging
import ServiceRuntime
import Synchronization
import Testing

@testable import IngestService

/// ProgressHandler.
@Suite(.serialized)
struct ProgressHandlerTests {
    private let context = StageContext(
        attempt: 1, maxAttempts: 6, now: Fixture.now + 60, logger: Logger(label: "test"))

    @Test(arguments: StoreDriver.allCases) func factsLandOnTheRequest(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            let handler = ProgressHandler(store: store, metrics: IngestMetrics())
            let data = RequestGeocoded(
                Fixture.reference,
                Geocoding(
                    state: "MA", zip: "02108", countyFIPS: "25025", location: Fixture.boston, regionCode: "NE-7"))
            let event = Event(
                id: UUID(), source: "/intake/geocode", time: Fixture.now + 1, requestID: request.id, data: data)
            #expect(try await handler.handle(.geocoded(event), context: context).isEmpty)
            #expect(try await store.request(request.id)?.geocoding == Recorded(data.geocoding, at: Fixture.now + 1))
        }
    }

    @Test(arguments: StoreDriver.allCases) func aReviewIsRecordedAndItsDeadlineLookedAt(_ driver: StoreDriver)
        async throws
    {
        try await driver.withStore { store in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            let woken = Mutex(0)
            var handler = ProgressHandler(store: store, metrics: IngestMetrics())
            handler.reviewRequested = { woken.withLock { $0 += 1 } }
            let question = ReviewQuestion(
                reason: .placeConflict, proposal: false, rule: nil, coverageVersion: "v1", precision: nil,
                explanation: "Too far apart.", deadline: Fixture.now + 60, fallback: true)
            let data = RequestReviewRequested(Fixture.reference, question)
            let event = Event(
                id: UUID(), source: "/intake/decision", time: Fixture.now + 1, requestID: request.id, data: data)
            #expect(try await handler.handle(.reviewRequested(event), context: context).isEmpty)
            let review = question.received(askedAt: Fixture.now + 1, now: context.now)
            #expect(try await store.request(request.id)?.openReview == review)
            #expect(review.deadline == context.now + 59, "by this host's clock")
            #expect(woken.withLock { $0 } == 1)
        }
    }

    @Test(arguments: [-315_360_000.0, -3600, 3600, 315_360_000])
    func thePaceIsOfOneClock(_ skew: Double) async throws {
        try await withSQLiteStore { store, _ in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            var handler = ProgressHandler(store: store, metrics: IngestMetrics())
            let pace = RecentPace(initial: 2)
            handler.pace = pace
            let data = CallbackDelivered(
                provider: "p", providerRequestID: "1",
                Receipt(acceptance: true, httpStatus: 200, attempt: 1, deliveredAt: Fixture.now + skew))
            let event = Event(id: UUID(), source: "/x", time: Fixture.now + skew, requestID: request.id, data: data)
            _ = try await handler.handle(.delivered(event), context: context)
            #expect(pace.retryAfter == 60)
        }
    }

    @Test(arguments: StoreDriver.allCases) func theBrokersDeadLetterDiedWhenItWasSeen(_ driver: StoreDriver)
        async throws
    {
        try await driver.withStore { store in
            let request = Fixture.newRequest()
            let event = try Fixture.event(request)
            _ = try await store.accept(request, event: event)
            let letter = try #require(
                DeadLetter(ReceivedMessage(message: event, exchange: Topology().dead, routingKey: "geocode")))
            let handler = ProgressHandler(store: store, metrics: IngestMetrics())
            _ = try await handler.handle(.dead(letter), context: context)
            guard case .failed(.geocode, let deadLettering) = try await store.request(request.id)?.job else {
                Issue.record("the job has not failed")
                return
            }
            #expect(deadLettering.at == context.now)
            #expect(deadLettering.error.code == "rejected")
        }
    }

    @Test(arguments: StoreDriver.allCases) func whatConcernsNoKnownRequestIsDone(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let handler = ProgressHandler(store: store, metrics: IngestMetrics())
            let garbage = EventMessage(headers: [:], body: [0xFF])
            let letter = try #require(
                DeadLetter(ReceivedMessage(message: garbage, exchange: Topology().dead, routingKey: "geocode")))
            #expect(try await handler.handle(.dead(letter), context: context).isEmpty)
            #expect(try await handler.handle(.unknown, context: context).isEmpty)
            var known = letter
            known.requestID = Fixture.id()
            #expect(try await handler.handle(.dead(known), context: context).isEmpty)
        }
    }

    @Test func aStoreThatIsAwayIsAnOutage() async throws {
        try await withSQLiteStore { base, _ in
            let faults = FaultyDatabase(base)
            let store = faults.store
            faults.fail(.write)
            let handler = ProgressHandler(store: store, metrics: IngestMetrics())
            let data = CallbackDelivered(
                provider: "p", providerRequestID: "1",
                Receipt(acceptance: true, httpStatus: 200, attempt: 1, deliveredAt: Fixture.now))
            let event = Event(id: UUID(), source: "/x", time: Fixture.now, requestID: Fixture.id(), data: data)
            do throws(StageFailure) {
                _ = try await handler.handle(.delivered(event), context: context)
                Issue.record("handled without a store")
            } catch {
                #expect(error.kind == .outage(retryAfter: nil))
            }
        }
    }
}
