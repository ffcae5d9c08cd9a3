import Contracts
import Foundation
import Logging
import ServiceRuntime
import Testing

@testable import IngestService

/// Replays and discards.
@Suite(.serialized)
struct ResolutionTests {
    private let context = StageContext(
        attempt: 1, maxAttempts: 6, now: Fixture.now + 60, logger: Logger(label: "test"))

    @Test(arguments: StoreDriver.allCases) func aDeadLetterIsKeptAndReplayed(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let request = Fixture.newRequest()
            var event = try Fixture.event(request)
            _ = try await store.accept(request, event: event)
            event.headers[DeliveryHeader.deadReason] = .string("permanent")
            event.headers[DeliveryHeader.stage] = .string("geocode")
            event.headers[DeliveryHeader.attempts(.geocode)] = .int(3)
            event.headers[DeliveryHeader.lastFailedAt] = .string(Timestamp.string(Fixture.now + 5))
            event.headers[DeliveryHeader.host] = .string("host-1")
            let handler = ProgressHandler(store: store, metrics: IngestMetrics())
            let received = ReceivedMessage(message: event, exchange: Topology().dead, routingKey: "geocode")
            _ = try await handler.handle(try ProgressFact(received), context: context)

            let letter = try #require(try await store.deadLetters(request.id.uuid).first)
            #expect(letter.message.messageID == event.id && letter.message.attempts == 3)
            #expect(letter.message.body == event.body && letter.message.host == "host-1")
            #expect(try await store.request(request.id)?.job == .failed(stage: .geocode, letter.message.deadLettering))

            let replay = StageReplayed(
                stage: .geocode, messageID: letter.message.messageID, diedAt: Fixture.now + 5, by: "ada",
                replayedAt: Fixture.now + 60)
            let fact = try ProgressFact(
                ReceivedMessage(
                    message: try EventMessage(
                        Event(id: UUID(), source: "/x", time: Fixture.now, requestID: request.id, data: replay)),
                    exchange: Topology().events, routingKey: "stage.replayed"))
            _ = try await handler.handle(fact, context: context)
            #expect(try await store.request(request.id)?.job == .inProgress(stage: .geocode, retry: nil))
            #expect(try await store.deadLetters(request.id.uuid).first?.resolution?.by == "ada")
        }
    }

    @Test(arguments: StoreDriver.allCases) func garbageIsItsOwnSubject(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let garbage = EventMessage(headers: [:], body: [0xFF])
            let id = DeadLetterID.of(garbage)
            let handler = ProgressHandler(store: store, metrics: IngestMetrics())
            let received = ReceivedMessage(message: garbage, exchange: Topology().dead, routingKey: "decision")
            _ = try await handler.handle(try ProgressFact(received), context: context)
            #expect(try await store.deadLetters(id).first?.message.deadLettering.at == context.now)
            let discard = StageDiscarded(
                stage: .decision, messageID: id, diedAt: context.now, by: "ada", why: "noise", discardedAt: context.now)
            let event = Event(id: UUID(), source: "/x", time: context.now, requestID: RequestID(id), data: discard)
            _ = try await handler.handle(.discarded(event), context: context)
            let letter = try #require(try await store.deadLetters(id).first)
            #expect(letter.resolution?.kind == .discarded && letter.message.requestID == nil)
        }
    }

    @Test(arguments: StoreDriver.allCases) func aDiscardShowsOnTheJob(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            try await APIHarness.with(store) { api in
                let id = try #require(try await api.post(try Fixture.json()).id)
                _ = try await store.apply(Fixture.dead(.geocode, after: 1), to: id)
                _ = try await store.apply(Fixture.discarded(.geocode, deadLettering: 1, after: 9), to: id)
                let answer = try await api.get("/api/jobs/\(id)")
                #expect(answer.status == 400)
                let error = try #require(answer.json["error"] as? [String: Any])
                let discarded = try #require(error["discarded"] as? [String: Any])
                #expect(discarded["by"] as? String == "ada@desk" && discarded["why"] as? String == "asked twice")
            }
        }
    }
}
