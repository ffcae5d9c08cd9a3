import Broker
import Contracts
import Foundation
import Logging
import Metrics
import ServiceLifecycle

/// Consumes a stage's queue: decode → handle → publish with confirm → acknowledge.
///
/// A message is acknowledged only when everything that follows from it is confirmed: its output events, or its copy in a
/// retry queue, or its copy among the dead letters. A crash at any point leads to a second delivery, never to a loss.
///
/// Prefetch equals the concurrency: what is delivered is in hand, nothing waits in this process.
struct StageLoop<Handler: StageHandler>: Service {
    let stage: Stage
    let handler: Handler
    let policy: RetryPolicy
    let concurrency: Int
    let connection: Connection
    let publisher: BrokerPublisher
    let topology: Topology
    let logger: Logger
    let metrics: StageMetrics
    let identity: ProcessIdentity

    /// Runs until a graceful shutdown: then it takes nothing more, finishes what it has, and returns.
    func run() async throws {
        let consumption = await connection.consume(queue: topology.queue(stage), prefetch: concurrency)
        async let stopping: Void = cancelOnShutdown(consumption)
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            for await delivery in consumption {
                if running == concurrency {
                    await group.next()
                    running -= 1
                }
                group.addTask { await take(delivery) }
                running += 1
            }
        }
        await stopping
    }

    private func cancelOnShutdown(_ consumption: Consumption) async {
        // Throws when the loop has ended by itself: then there is nothing left to cancel.
        guard (try? await gracefulShutdown()) != nil else { return }
        await connection.cancel(consumption)
    }

    private func take(_ delivery: Delivery) async {
        let started = ContinuousClock.now
        let received = ReceivedMessage(
            message: EventMessage(delivery.message), exchange: delivery.exchange, routingKey: delivery.routingKey)
        var logger = logger
        logger[metadataKey: "request_id"] = received.message.requestID.map { "\($0)" }
        let outcome: StageMetrics.Outcome
        do {
            outcome = try await settle(delivery, received, logger)
        } catch {
            // Cancelled, or the connection is shut down: the delivery stays unsettled and comes again.
            logger.info("Message left to be delivered again", metadata: ["error": "\(error)"])
            outcome = .abandoned
        }
        metrics.record(outcome, duration: started.duration(to: .now))
    }

    private func settle(
        _ delivery: Delivery, _ received: ReceivedMessage, _ logger: Logger
    ) async throws -> StageMetrics.Outcome {
        guard !delivery.isOversized else {
            logger.error("Message is too large, dead-lettered by the broker")
            connection.reject(delivery, requeue: false)
            return .dead
        }
        let outcome: StageMetrics.Outcome
        do {
            let input = try Handler.Input(received)
            let context = StageContext(
                attempt: received.failedAttempts + 1, maxAttempts: policy.maxAttempts, now: Date(), logger: logger)
            let outputs = try await handler.handle(input, context: context)
            for output in outputs { try await emit(output, because: received) }
            outcome = .done
        } catch let error as ContractError {
            let failure = StageFailure.permanent("undecodable", "The message is not what the contract says: \(error)")
            try await bury(delivery.message, .undecodable, failure, received, logger)
            outcome = .dead
        } catch let failure as StageFailure {
            outcome = try await fail(delivery.message, failure, received, logger)
        }
        connection.acknowledge(delivery)
        return outcome
    }

    private func fail(
        _ message: Message, _ failure: StageFailure, _ received: ReceivedMessage, _ logger: Logger
    ) async throws -> StageMetrics.Outcome {
        let verdict = policy.verdict(
            on: failure.kind, failedAttempts: received.failedAttempts, tiers: Topology.tiers(stage))
        switch verdict {
        case .dead(let reason):
            try await bury(message, reason, failure, received, logger)
            return .dead
        case .retry(let tier, let attempts):
            try await postpone(message, tier, attempts, failure, received, logger)
            return .retried
        }
    }

    private func postpone(
        _ message: Message, _ tier: RetryTier, _ attempts: Int, _ failure: StageFailure, _ received: ReceivedMessage,
        _ logger: Logger
    ) async throws {
        var copy = message
        annotate(&copy, failure, attempts: attempts)
        let queue = topology.retryQueue(stage, tier)
        logger.warning(
            "Message waits for another attempt",
            metadata: [
                "attempt": "\(received.failedAttempts + 1)", "of": "\(policy.maxAttempts)", "wait": "\(tier.name)",
                "error": "\(failure)",
            ])
        try await untilTaken(logger) { try await publisher.publish(copy, exchange: "", routingKey: queue) }
        // The projection's own retries are nothing that a job should show.
        guard stage != .progress else { return }
        let retrying = StageRetrying(
            stage: stage, attempt: attempts, maxAttempts: policy.maxAttempts,
            nextAttemptAt: Timestamp.truncate(Date(timeIntervalSinceNow: Double(tier.milliseconds) / 1000)),
            error: failure.error)
        try await emit(retrying, because: received, occurrence: "\(stage.rawValue)/\(UUID().uuidString.lowercased())")
    }

    /// Publishes a copy to the dead letters, body untouched.
    private func bury(
        _ message: Message, _ reason: DeadReason, _ failure: StageFailure, _ received: ReceivedMessage, _ logger: Logger
    ) async throws {
        var copy = message
        annotate(&copy, failure, attempts: received.failedAttempts + 1)
        copy.properties.headers[DeliveryHeader.deadReason] = .string(reason.rawValue)
        copy.properties.headers[DeliveryHeader.host] = .string(identity.host)
        copy.properties.headers[DeliveryHeader.version] = .string(identity.version)
        logger.error("Message is dead", metadata: ["reason": "\(reason.rawValue)", "error": "\(failure)"])
        try await untilTaken(logger) {
            try await publisher.publish(copy, exchange: topology.dead, routingKey: stage.rawValue)
        }
    }

    private func annotate(_ message: inout Message, _ failure: StageFailure, attempts: Int) {
        let now = FieldValue.string(Timestamp.string(Date()))
        message.properties.headers[DeliveryHeader.stage] = .string(stage.rawValue)
        message.properties.headers[DeliveryHeader.attempts] = .int(Int64(attempts))
        message.properties.headers[DeliveryHeader.errorCode] = .string(failure.error.code)
        message.properties.headers[DeliveryHeader.errorMessage] = .string(failure.error.message)
        message.properties.headers[DeliveryHeader.lastFailedAt] = now
        if message.properties.headers[DeliveryHeader.firstFailedAt] == nil {
            message.properties.headers[DeliveryHeader.firstFailedAt] = now
        }
        message.properties.isPersistent = true
    }

    private func emit(
        _ data: any EventData, because received: ReceivedMessage, occurrence: String? = nil
    ) async throws {
        guard let cause = received.message.id, let requestID = received.message.requestID else {
            // Only what was read as an event has outputs, or a retry that somebody could be told of.
            return
        }
        let message = try message(of: data, cause: cause, requestID: requestID, received, occurrence)
        let key = type(of: data).type.rawValue
        try await untilTaken(logger) {
            try await publisher.publish(message, exchange: topology.events, routingKey: key)
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
    private func untilTaken(_ logger: Logger, _ publish: () async throws -> Void) async throws {
        var backoff = ReconnectBackoff(.init())
        var generator = SystemRandomNumberGenerator()
        while true {
            do {
                return try await publish()
            } catch let failure as PublishFailure where failure.reason != .stopped {
                let wait = backoff.next(using: &generator)
                logger.error(
                    "The broker does not take a message", metadata: ["error": "\(failure)", "retry_in": "\(wait)"])
                try await Task.sleep(for: wait)
            }
        }
    }
}
