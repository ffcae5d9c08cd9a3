import Broker
import Contracts
import Foundation
import Logging

/// What follows from a message: events, a copy for a retry queue, a copy for the dead letters.
extension StageLoop {
    var attemptsHeader: String {
        recipient == nil ? DeliveryHeader.attempts(stage) : DeliveryHeader.alertAttempts
    }

    /// Lets a message wait for another attempt, or gives it up, as the policy says.
    func fail(_ work: StageWork, _ failure: StageFailure) {
        work.span?.fail(failure.error)
        let verdict = policy.verdict(
            on: failure.kind, failedAttempts: work.failedAttempts, tiers: Topology.tiers(stage))
        switch verdict {
        case .dead(let reason): deadLetter(work, reason, failure)
        case .retry(let tier, let attempts): postpone(work, tier, attempts, failure)
        }
    }

    private func postpone(
        _ work: StageWork, _ tier: RetryTier, _ attempts: Int, _ failure: StageFailure
    ) {
        work.outcome = .retried
        var generator = SystemRandomNumberGenerator()
        let wait = RetryPolicy.wait(in: tier, after: failure.kind, using: &generator)
        var copy = annotated(work.delivery.message, failure, attempts: attempts)
        copy.properties.expiration = String(wait.milliseconds)
        let place = topology.waiting(stage, tier, partition: recipient ?? work.received.message.partitionKey)
        log(work).warning(
            "Message waits for another attempt",
            metadata: [
                "attempt": "\(work.failedAttempts + 1)", "of": "\(policy.maxAttempts)", "wait": "\(wait.written)",
                "error": "\(failure)",
            ])
        work.publications.append(Publication(copy, exchange: place.exchange, routingKey: place.routingKey))
        // The projection's own retries are nothing that a job should show.
        guard stage != .progress, recipient == nil else { return }
        let retrying = StageRetrying(
            stage: stage, attempt: attempts, maxAttempts: policy.maxAttempts,
            nextAttemptAt: Timestamp.truncate(Date(timeIntervalSinceNow: wait / .seconds(1))),
            error: failure.error, messageID: DeadLetterID.of(work.received.message),
            replays: work.received.message.headers.replays(stage))
        tell(retrying, work)
    }

    /// Puts a copy among the dead letters, body untouched.
    func deadLetter(_ work: StageWork, _ reason: DeadReason, _ failure: StageFailure) {
        work.outcome = .dead
        work.span?.fail(failure.error)
        if let recipient {
            log(work).error(
                "Somebody is not told of trouble",
                metadata: ["recipient": "\(recipient)", "reason": "\(reason.rawValue)", "error": "\(failure)"])
            return
        }
        var copy = annotated(work.delivery.message, failure, attempts: work.failedAttempts + 1)
        copy.properties.headers[DeliveryHeader.deadReason] = .string(reason.rawValue)
        copy.properties.headers[DeliveryHeader.host] = .string(identity.host)
        copy.properties.headers[DeliveryHeader.version] = .string(identity.version)
        log(work).error("Message is dead", metadata: ["reason": "\(reason.rawValue)", "error": "\(failure)"])
        work.publications.append(Publication(copy, exchange: topology.dead, routingKey: stage.rawValue))
    }

    private func annotated(_ message: Message, _ failure: StageFailure, attempts: Int) -> Message {
        var message = message.copy()
        message.properties.headers[attemptsHeader] = .int(Int64(attempts))
        // A copy keeps the original's story: it is what there is to tell.
        guard recipient == nil else { return message }
        // What another stage gave up keeps that stage's story: it is what the projection has yet to tell.
        if let other = message.properties.headers[DeliveryHeader.stage], other != .string(stage.rawValue) {
            return message
        }
        let now = FieldValue.string(Timestamp.string(Date()))
        message.properties.headers[DeliveryHeader.stage] = .string(stage.rawValue)
        message.properties.headers[DeliveryHeader.errorCode] = .string(failure.error.code)
        message.properties.headers[DeliveryHeader.errorMessage] = .string(failure.error.message)
        message.properties.headers[DeliveryHeader.lastFailedAt] = now
        if message.properties.headers[DeliveryHeader.firstFailedAt] == nil {
            message.properties.headers[DeliveryHeader.firstFailedAt] = now
        }
        return message
    }

    /// Says what was seen this time; the next time is another event.
    func tell(_ data: any EventData, _ work: StageWork) {
        emit(data, work, occurrence: "\(stage.rawValue)/\(UUID().canonical)")
    }

    func emit(_ data: any EventData, _ work: StageWork, occurrence: String? = nil) {
        // Only what was read as an event has outputs, or a retry that somebody could be told of.
        guard work.outcome != .dead, let cause = work.received.message.id, let requestID = work.received.requestID
        else {
            return
        }
        do throws(ContractError) {
            let message = try data.message(
                id: EventID.derive(
                    from: cause, stage: stage.rawValue, type: type(of: data).type, occurrence: occurrence),
                source: "/intake/\(stage.rawValue)", time: Timestamp.truncate(Date()), requestID: requestID,
                traceParent: work.span?.place.header ?? work.received.message.traceParent)
            work.publications.append(
                Publication(
                    Message(message, application: publisher.application), exchange: topology.events,
                    routingKey: message.routingKey))
        } catch {
            // JSON cannot say it: no other try will.
            work.publications = []
            deadLetter(work, .permanent, .permanent("unwritable", "What follows from the message cannot be written."))
        }
    }
}
