import Broker
import Contracts
import Foundation
import Logging
import Metrics
import ServiceLifecycle

/// Consumes a queue of a stage: decode → handle → publish with confirm → acknowledge.
///
/// A message is acknowledged only when everything that follows from it is confirmed: its output events, or its copy in a
/// retry queue, or its copy among the dead letters. A crash at any point leads to a second delivery, never to a loss.
///
/// Prefetch equals the concurrency: what is delivered is in hand, nothing waits in this process. Where an endpoint's guard says
/// less than the concurrency, the queue is consumed anew with that whenever it changes, after what is in hand.
///
/// A crash sends everything in hand back to the queue, the message that caused it among innocent neighbours, and each comes
/// back with a raised count. So messages that have come back are handled one at a time, with nothing else in hand: the
/// broker's delivery limit then hits only the one that kills.
///
/// Where all messages of the queue lead to one endpoint, its guard can stop the consumption: the messages then wait in the
/// broker, in their order, and one at a time is taken to probe, see `StageLoop+probing.swift`.
struct StageLoop<Handler: StageHandler>: Service {
    let stage: Stage
    /// One that is bound to get the stage's messages.
    let queue: String
    let handler: Handler
    let policy: RetryPolicy
    let concurrency: Int
    let connection: Connection
    let publisher: BrokerPublisher
    let topology: Topology
    let logger: Logger
    let metrics: StageMetrics
    let identity: ProcessIdentity
    var endpoint: EndpointGuard?
    /// Keeps messages in hand while what all of them need is away; `nil` where some can do without.
    var outage: OutageGate? = OutageGate()
    /// Runs all of it, handlers included; the system's when `nil`.
    var executor: (any TaskExecutor)?

    /// Runs until a graceful shutdown: then it takes nothing more, finishes what it has, and returns.
    func run() async throws {
        await withTaskExecutorPreference(executor) { await work() }
    }

    private func work() async {
        var goesOn = true
        while goesOn {
            if let probeAt = endpoint?.nextProbe {
                goesOn = await probe(at: probeAt)
            } else {
                goesOn = await takeOneByOne()
            }
        }
    }

    /// Takes one at a time what has come back before, which is first in the queue; then many.
    /// - Returns: whether to go on; `false` when the stage stops.
    private func takeOneByOne() async -> Bool {
        await consume(prefetch: 1) { consumption in
            for await delivery in consumption {
                if delivery.message.returns > 0 || isShut {
                    await take(delivery, from: consumption)
                } else {
                    await connection.cancel(consumption)
                    return await takeConcurrently(beside: delivery)
                }
            }
            return isShut
        }
    }

    /// Takes many at a time until one comes that has come back before.
    /// - Parameter first: is in hand already.
    /// - Returns: whether to go on; `false` when the stage stops.
    private func takeConcurrently(beside first: Delivery) async -> Bool {
        let limit = limit
        return await consume(prefetch: limit) { consumption in
            var returned: [Delivery] = []
            await withTaskGroup(of: Void.self) { group in
                // A task for each message in hand: they wait for confirms and endpoints side by side, in no order.
                group.addTask { await take(first, from: consumption, of: limit) }  // In hand already.
                var running = 1
                for await delivery in consumption {
                    guard delivery.message.returns == 0 else {
                        if returned.isEmpty { await connection.cancel(consumption) }
                        returned.append(delivery)
                        continue
                    }
                    if running == limit {
                        await group.next()
                        running -= 1
                    }
                    group.addTask { await take(delivery, from: consumption, of: limit) }  // One of at most `limit`.
                    running += 1
                }
            }
            // With nothing else in hand, in the broker's eyes, too.
            if !returned.isEmpty { await connection.settleNow() }
            // Who came back least often first: the one that kills has company for as few crashes as can be.
            for delivery in returned.sorted(by: { $0.message.returns < $1.message.returns }) {
                await take(delivery, from: consumption)
            }
            return !returned.isEmpty || isShut || limit != self.limit
        }
    }

    /// How many messages may be in hand.
    private var limit: Int { endpoint.map { min($0.limit, concurrency) } ?? concurrency }

    /// Consumes the queue until the consumption is cancelled, by `body` or by a graceful shutdown.
    func consume(prefetch: Int, _ body: (Consumption) async -> Bool) async -> Bool {
        let consumption = await connection.consume(queue: queue, prefetch: prefetch, gathersAcks: true)
        let goesOn = await withTaskGroup(of: Void.self) { group in
            group.addTask { await cancelOnShutdown(consumption) }  // Beside the body, which waits for deliveries.
            defer { group.cancelAll() }
            return await body(consumption)
        }
        await connection.close(consumption)
        return goesOn
    }

    private func cancelOnShutdown(_ consumption: Consumption) async {
        // Throws when the consumption has ended by itself: then there is nothing left to cancel.
        guard (try? await gracefulShutdown()) != nil else { return }
        await connection.cancel(consumption)
    }

    /// One of many: whoever sees that there may be more now, or must be fewer, ends the consumption.
    private func take(_ delivery: Delivery, from consumption: Consumption, of limit: Int) async {
        await take(delivery, from: consumption)
        if limit != self.limit { await connection.cancel(consumption) }
    }

    func take(_ delivery: Delivery, from consumption: Consumption) async {
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
        if isShut { await connection.cancel(consumption) }
    }

    private func settle(_ delivery: Delivery, _ received: ReceivedMessage) async throws -> StageMetrics.Outcome {
        guard !delivery.isOversized else {
            log(received).error("Message is too large, dead-lettered by the broker")
            connection.reject(delivery, requeue: false)
            return .dead
        }
        let outcome = try await handle(delivery.message, received)
        FailurePoint.pass("stage.published")
        connection.acknowledge(delivery)
        FailurePoint.pass("stage.acknowledged")
        return outcome
    }

    /// Returns when everything that follows from the message is confirmed.
    private func handle(_ message: Message, _ received: ReceivedMessage) async throws -> StageMetrics.Outcome {
        let input: Handler.Input
        do throws(ContractError) {
            input = try Handler.Input(received)
        } catch {
            // The same fact came, or comes, in the version that is read here.
            if error.code == .unexpectedType, received.message.isOfNewerVersion {
                log(received).debug("A newer version of an event was ignored.")
                return .ignored
            }
            let failure = StageFailure.permanent("undecodable", "The message is not what the contract says: \(error)")
            try await bury(message, .undecodable, failure, received)
            return .dead
        }
        FailurePoint.pass("stage.received", String(decoding: message.body, as: UTF8.self))
        if case .postpone(let failure) = try await outage?.enter() { return try await fail(message, failure, received) }
        var ticket: CircuitBreaker.Ticket?
        switch try await endpoint?.enter() {
        case .work(let given): ticket = given
        case .postpone(let failure):
            outage?.withdrew()
            return try await fail(message, failure, received)
        case nil: break
        }
        let context = StageContext(
            attempt: received.failedAttempts(stage) + 1, maxAttempts: policy.maxAttempts, now: Date(),
            isAlone: message.returns > 0, logger: logger, requestID: received.requestID)
        let outputs: [any EventData]
        do throws(StageFailure) {
            outputs = try await handler.handle(input, context: context)
            outage?.answered()
        } catch {
            if case .outage = error.kind { outage?.failed(error) } else { outage?.answered() }
            let news = ticket.flatMap { endpoint?.end($0, error) }
            for fact in error.facts { try await tell(fact, because: received) }
            if let news { try await tell(news, because: received) }
            return try await fail(message, error, received)
        }
        let news = ticket.flatMap { endpoint?.end($0, outputs) }
        FailurePoint.pass("stage.handled")
        for output in outputs { try await emit(output, because: received) }
        if let news { try await tell(news, because: received) }
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
        logger[metadataKey: "request_id"] = received.requestID.map { "\($0)" }
        return logger
    }
}
