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
        let received = ReceivedMessage(delivery)
        let outcome: StageMetrics.Outcome
        do {
            outcome = try await settle(delivery, received)
        } catch {
            // Cancelled, or the connection is shut down: the delivery stays unsettled and comes again.
            log(received).info("Message left to be delivered again", metadata: ["error": "\(error)"])
            outcome = .abandoned
        }
        metrics.record(outcome, duration: started.duration(to: .now))
    }

    private func settle(_ delivery: Delivery, _ received: ReceivedMessage) async throws -> StageMetrics.Outcome {
        guard !delivery.isOversized else {
            log(received).error("Message is too large, dead-lettered by the broker")
            connection.reject(delivery, requeue: false)
            return .dead
        }
        let outcome = try await handle(delivery.message, received)
        connection.acknowledge(delivery)
        return outcome
    }

    /// Returns when everything that follows from the message is confirmed.
    private func handle(_ message: Message, _ received: ReceivedMessage) async throws -> StageMetrics.Outcome {
        let input: Handler.Input
        do throws(ContractError) {
            input = try Handler.Input(received)
        } catch {
            let failure = StageFailure.permanent("undecodable", "The message is not what the contract says: \(error)")
            try await bury(message, .undecodable, failure, received)
            return .dead
        }
        let context = StageContext(
            attempt: received.failedAttempts(stage) + 1, maxAttempts: policy.maxAttempts, now: Date(), logger: logger,
            requestID: received.message.requestID)
        let outputs: [any EventData]
        do throws(StageFailure) {
            outputs = try await handler.handle(input, context: context)
        } catch {
            return try await fail(message, error, received)
        }
        for output in outputs { try await emit(output, because: received) }
        return .done
    }

    private func fail(
        _ message: Message, _ failure: StageFailure, _ received: ReceivedMessage
    ) async throws -> StageMetrics.Outcome {
        let verdict = policy.verdict(
            on: failure.kind, failedAttempts: received.failedAttempts(stage), tiers: Topology.tiers(stage))
        switch verdict {
        case .dead(let reason):
            try await bury(message, reason, failure, received)
            return .dead
        case .retry(let tier, let attempts):
            try await postpone(message, tier, attempts, failure, received)
            return .retried
        }
    }

    /// Carries the request's id; made when there is something to say.
    func log(_ received: ReceivedMessage) -> Logger {
        var logger = logger
        logger[metadataKey: "request_id"] = received.message.requestID.map { "\($0)" }
        return logger
    }
}
