import Contracts
import Foundation
import ServiceRuntime
import Testing

@testable import IngestService

@Suite struct ProgressFactTests {
    private let id = Fixture.id()
    private let topology = Topology(prefix: "any.prefix")

    @Test func eachEventIsReadAsWhatItIs() throws {
        #expect(try fact(geocoded).isGeocoded)
        #expect(try fact(decided).isDecided)
        let review = RequestReviewRequested(
            Fixture.reference,
            ReviewQuestion(
                reason: .placeConflict, proposal: true, rule: nil, coverageVersion: "v1", precision: nil,
                explanation: "x", deadline: Fixture.now, fallback: false))
        #expect(try fact(message(review)) == .reviewRequested(event(review)))
        let delivered = CallbackDelivered(
            provider: "p", providerRequestID: "1",
            Receipt(acceptance: true, httpStatus: 200, attempt: 1, deliveredAt: Fixture.now))
        #expect(try fact(message(delivered)) == .delivered(event(delivered)))
        let retrying = StageRetrying(
            stage: .callback, attempt: 1, maxAttempts: 6, nextAttemptAt: Fixture.now,
            error: StageError(code: "a", message: "b"))
        #expect(try fact(message(retrying)) == .retrying(event(retrying)))
    }

    @Test func aLaterVersionsEventIsIgnored() throws {
        var message = try geocoded
        message.headers[EventMessage.Header.type] = .string("callback.attempted.v2")
        #expect(try fact(message) == .unknown)
    }

    @Test func anEventWithoutTypeOrWithBadDataIsNoFact() throws {
        var untyped = try geocoded
        untyped.headers[EventMessage.Header.type] = nil
        #expect(throws: ContractError.self) { try fact(untyped) }
        var broken = try geocoded
        broken.body = Array("{".utf8)
        #expect(throws: ContractError.self) { try fact(broken) }
    }

    @Test func aStagesDeadLetterIsReadBeforeItsType() throws {
        var message = try decided
        message.headers[DeliveryHeader.deadReason] = .string("out-of-attempts")
        message.headers[DeliveryHeader.stage] = .string("callback")
        message.headers[DeliveryHeader.errorCode] = .string("timeout")
        message.headers[DeliveryHeader.errorMessage] = .string("The partner did not answer.")
        message.headers[DeliveryHeader.lastFailedAt] = .string(Timestamp.string(Fixture.now))
        let letter = try #require(dead(message, topology.dead, "callback"))
        #expect(letter.stage == .callback)
        #expect(letter.requestID == id)
        #expect(letter.reason == .outOfAttempts)
        #expect(letter.error == StageError(code: "timeout", message: "The partner did not answer."))
        #expect(letter.failedAt == Fixture.now)
    }

    @Test func aDeadLetterThatWaitedInARetryQueueIsStillOne() throws {
        var message = try decided
        message.headers[DeliveryHeader.deadReason] = .string("permanent")
        message.headers[DeliveryHeader.stage] = .string("progress")
        message.headers[DeliveryHeader.errorCode] = .string("store-unavailable")
        message.headers[DeliveryHeader.lastFailedAt] = .string(Timestamp.string(Fixture.now))
        let letter = try #require(dead(message, "", "any.prefix.progress"))
        #expect(letter.stage == .callback)
        #expect(letter.error.code == "permanent", "not why this stage had to wait")
        #expect(letter.failedAt == nil)
    }

    @Test(arguments: ["delivery_limit", "rejected"])
    func theBrokersDeadLetterHasOnlyItsOwnHeaders(_ reason: String) throws {
        let message = try geocoded
        let letter = try #require(dead(message, topology.dead, "decision", deathReason: reason))
        #expect(letter.stage == .decision)
        #expect(letter.reason.rawValue == reason)
        #expect(letter.error.code == reason)
        #expect(letter.failedAt == Fixture.now)
        #expect(dead(message, "", "any.prefix.progress", deathReason: reason)?.stage == .decision)
    }

    @Test func anEventThatWaitedInARetryQueueIsNoDeadLetter() throws {
        var message = try geocoded
        message.headers[DeliveryHeader.stage] = .string("progress")
        message.headers[DeliveryHeader.errorCode] = .string("store-unavailable")
        #expect(dead(message, "", "any.prefix.progress") == nil)
        #expect(try ProgressFact(ReceivedMessage(message: message, exchange: "", routingKey: "x")).isGeocoded)
    }

    @Test func anUndecodableDeadLetterStillNamesItsStage() throws {
        let message = EventMessage(
            headers: [DeliveryHeader.deadReason: .string("undecodable")], body: Array("garbage".utf8))
        let letter = try #require(dead(message, topology.dead, "geocode"))
        #expect(letter.stage == .geocode)
        #expect(letter.requestID == nil)
    }

    private var geocoded: EventMessage {
        get throws {
            try message(RequestGeocoded(Fixture.reference, Geocoding(state: "MA", zip: "02108")))
        }
    }

    private var decided: EventMessage {
        get throws {
            try message(
                RequestDecided(
                    Fixture.reference,
                    Decision(acceptance: true, reason: .stateCovered, rule: nil, coverageVersion: "v1")))
        }
    }

    private func event<Data>(_ data: Data) -> Event<Data> {
        Event(id: id.uuid, source: "/intake/test", time: Fixture.now, requestID: id, data: data)
    }

    private func message(_ data: some EventData) throws -> EventMessage { try EventMessage(event(data)) }

    private func fact(_ message: EventMessage) throws(ContractError) -> ProgressFact {
        try ProgressFact(
            ReceivedMessage(message: message, exchange: topology.events, routingKey: message.type?.rawValue ?? ""))
    }

    private func dead(_ message: EventMessage, _ exchange: String, _ key: String, deathReason: String? = nil)
        -> DeadLetter?
    {
        DeadLetter(
            ReceivedMessage(
                message: message, exchange: exchange, routingKey: key, deathReason: deathReason,
                diedAt: deathReason.map { _ in Fixture.now }))
    }
}

extension ProgressFact {
    var isGeocoded: Bool { if case .geocoded = self { true } else { false } }
    var isDecided: Bool { if case .decided = self { true } else { false } }
}
