import Broker
import Contracts
import Foundation
import Logging

/// What a stage publishes: events, copies for a retry queue, copies for the dead letters.
extension StageLoop {
    func postpone(
        _ message: Message, _ tier: RetryTier, _ attempts: Int, _ failure: StageFailure, _ received: ReceivedMessage
    ) async throws {
        var generator = SystemRandomNumberGenerator()
        let wait = RetryPolicy.wait(in: tier, after: failure.kind, using: &generator)
        var copy = message
        annotate(&copy, failure, attempts: attempts)
        copy.properties.expiration = String(wait.milliseconds)
        let place = topology.waiting(stage, tier, partition: received.message.partitionKey)
        log(received).warning(
            "Message waits for another attempt",
            metadata: [
                "attempt": "\(received.failedAttempts(stage) + 1)", "of": "\(policy.maxAttempts)",
                "wait": "\(wait)",
                "error": "\(failure)",
            ])
        try await untilTaken(received) {
            try await publisher.publish(copy, exchange: place.exchange, routingKey: place.routingKey)
        }
        FailurePoint.pass("stage.postponed")
        // The projection's own retries are nothing that a job should show.
        guard stage != .progress else { return }
        let retrying = StageRetrying(
            stage: stage, attempt: attempts, maxAttempts: policy.maxAttempts,
            nextAttemptAt: Timestamp.truncate(Date(timeIntervalSinceNow: wait / .seconds(1))),
            error: failure.error, messageID: DeadLetterID.of(received.message),
            replays: received.message.headers.replays(stage))
        try await tell(retrying, because: received)
    }

    /// Publishes a copy to the dead letters, body untouched.
    func bury(
        _ message: Message, _ reason: DeadReason, _ failure: StageFailure, _ received: ReceivedMessage
    ) async throws {
        var copy = message
        annotate(&copy, failure, attempts: received.failedAttempts(stage) + 1)
        copy.properties.headers[DeliveryHeader.deadReason] = .string(reason.rawValue)
        copy.properties.headers[DeliveryHeader.host] = .string(identity.host)
        copy.properties.headers[DeliveryHeader.version] = .string(identity.version)
        log(received).error("Message is dead", metadata: ["reason": "\(reason.rawValue)", "error": "\(failure)"])
        try await untilTaken(received) {
            try await publisher.publish(copy, exchange: topology.dead, routingKey: stage.rawValue)
        }
        FailurePoint.pass("stage.buried")
    }

    private func annotate(_ message: inout Message, _ failure: StageFailure, attempts: Int) {
        message.properties.headers[DeliveryHeader.attempts(stage)] = .int(Int64(attempts))
        message.properties.isPersistent = true
        // The copy is a message of its own, which has come back from nobody yet.
        message.properties.headers[Message.returnsHeader] = nil
        // What another stage gave up keeps that stage's story: it is what the projection has yet to tell.
        if let other = message.properties.headers[DeliveryHeader.stage], other != .string(stage.rawValue) { return }
        let now = FieldValue.string(Timestamp.string(Date()))
        message.properties.headers[DeliveryHeader.stage] = .string(stage.rawValue)
        message.properties.headers[DeliveryHeader.errorCode] = .string(failure.error.code)
        message.properties.headers[DeliveryHeader.errorMessage] = .string(failure.error.message)
        message.properties.headers[DeliveryHeader.lastFailedAt] = now
        if message.properties.headers[DeliveryHeader.firstFailedAt] == nil {
            message.properties.headers[DeliveryHeader.firstFailedAt] = now
        }
    }

    /// Publishes what was seen this time; the next time is another event.
    func tell(_ data: any EventData, because received: ReceivedMessage) async throws {
        try await emit(data, because: received, occurrence: "\(stage.rawValue)/\(UUID().canonical)")
    }

    func emit(
        _ data: any EventData, because received: ReceivedMessage, occurrence: String? = nil
    ) async throws {
        guard let cause = received.message.id, let requestID = received.requestID else {
            // Only what was read as an event has outputs, or a retry that somebody could be told of.
            return
        }
        let message = try message(of: data, cause: cause, requestID: requestID, received, occurrence)
        try await untilTaken(received) {
            try await publisher.publish(message, exchange: topology.events, routingKey: message.routingKey)
        }
    }

    private func message<Data: EventData>(
        of data: Data, cause: UUID, requestID: RequestID, _ received: ReceivedMessage, _ occurrence: String?
    ) throws(ContractError) -> EventMessage {
        try EventMessage(
            Event(
                id: EventID.derive(from: cause, stage: stage.rawValue, type: Data.type, occurrence: occurrence),
                source: "/intake/\(stage.rawValue)", time: Timestamp.truncate(Date()), requestID: requestID,
                traceParent: received.message.headers[EventMessage.Header.traceParent]?.string, data: data))
    }

    /// Publishes again, with growing waits, until the broker takes it: a queue that is missing or full is the operator's
    /// to mend, and until then the delivery stays in hand, unacknowledged.
    private func untilTaken(_ received: ReceivedMessage, _ publish: () async throws -> Void) async throws {
        var backoff = ReconnectBackoff(.init())
        var generator = SystemRandomNumberGenerator()
        while true {
            do {
                return try await publish()
            } catch let failure as PublishFailure where failure.reason != .stopped {
                let wait = backoff.next(using: &generator)
                log(received).error(
                    "The broker does not take a message", metadata: ["error": "\(failure)", "retry_in": "\(wait)"])
                try await Task.sleep(for: wait)
            }
        }
    }
}
