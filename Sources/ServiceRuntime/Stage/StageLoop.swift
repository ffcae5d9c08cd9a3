import Broker
import Contracts
import Foundation
import Logging
import Metrics
import ServiceLifecycle

/// Consumes a queue of a stage: decode → handle → publish with confirms → acknowledge.
///
/// What comes in one read of the socket, or within `patience`, stays together, where the handler takes it so: one task
/// handles the batch, publishes what follows from it and acknowledges it, and a second one may be under way meanwhile.
/// Elsewhere each message is a batch of one, in a task of its own, and there are as many tasks as messages may be in
/// hand.
///
/// A message is acknowledged only when everything that follows from it is confirmed: its output events, or its copy in
/// a retry queue, or its copy among the dead letters. A crash at any point leads to a second delivery, never to a loss.
///
/// Prefetch equals the concurrency: what is delivered is in hand, or waits for company no longer than `patience`. Where
/// a gate allows less than the concurrency, the queue is consumed anew with that whenever it changes, after what is in
/// hand.
///
/// A crash sends everything in hand back to the queue, the message that caused it among innocent neighbours, and each
/// comes back with a raised count. So messages that have come back are handled one at a time, with nothing else in
/// hand: the broker's delivery limit then hits only the one that kills.
///
/// A gate that is shut stops the consumption: the messages then wait in the broker, in their order, and one at a time
/// is taken to probe.
struct StageLoop: Service {
    let stage: Stage
    /// One that is bound to get the stage's messages.
    var queue: String
    let handler: any StageHandler
    let policy: RetryPolicy
    /// Messages in hand at a time.
    let concurrency: Int
    let connection: Connection
    let publisher: BrokerPublisher
    let topology: Topology
    let logger: Logger
    let metrics: StageMetrics
    let identity: ProcessIdentity
    let untaken: UntakenMessages
    /// Gone through in this order before the handler.
    var gates: [any StageGate] = [OutageGate()]
    /// Runs all of it, handlers included; the system's when `nil`.
    var executor: (any TaskExecutor)?
    /// Whom the queue's messages are copies for, of what others work on. What waits comes back to this one alone, the
    /// projection hears nothing of it, and what is given up is gone. `nil` for a stage's own messages.
    var recipient: String?
    /// What the process may have in hand of the stage, where that comes from several queues.
    var share: ShardShare?
    /// How long what has come waits for more to be handled with it, where messages are handled together. The first
    /// message of a consumption does not wait.
    var patience: Duration = .zero
    /// Records what happens to messages of sampled traces; `nil` where nobody collects spans.
    var spans: SpanRecorder?

    /// Runs until a graceful shutdown: then it takes nothing more, finishes what it has, and returns.
    func run() async throws {
        await withTaskExecutorPreference(executor) {
            var goesOn = true
            while goesOn {
                if let probeAt = gates.lazy.compactMap(\.nextProbe).first {
                    goesOn = await probe(at: probeAt)
                } else {
                    goesOn = await takeOneByOne()
                }
            }
        }
    }

    // MARK: Consuming

    /// Nothing is taken from the queue, except to probe.
    private var isShut: Bool { gates.contains { !$0.isOpen } }

    /// Whether the stage is to end. A consumption ends for many reasons, and what it was ended for may be over by the
    /// time that it has: a limit that has changed may be back.
    private var isStopping: Bool {
        Task.isCancelled || Task.isShuttingDownGracefully || connection.status.current == .closed
    }

    /// How many messages may be in hand.
    private var limit: Int { gates.reduce(share?.each ?? concurrency) { min($0, $1.limit) } }

    /// Whether what came together is handled together.
    private var takesBatches: Bool { handler.handlesTogether && gates.allSatisfy(\.takesBatches) }

    /// Waits for the time of the next probe, then takes one message and tries with it, whenever one comes.
    /// - Returns: whether to go on; `false` when the stage stops.
    private func probe(at instant: ContinuousClock.Instant) async -> Bool {
        do {
            try await cancelWhenGracefulShutdown { try await Task.sleep(until: instant, clock: .continuous) }
        } catch {
            // Only the end of the process ends the wait.
            return false
        }
        return await consume(prefetch: 1) { consumption in
            for await delivery in consumption {
                // With a prefetch of one, no other has come.
                await connection.cancel(consumption)
                await take([delivery], from: consumption)
                return true
            }
            return !isStopping
        }
    }

    /// Takes one at a time what has come back before, which is first in the queue; then many.
    /// - Returns: whether to go on; `false` when the stage stops.
    private func takeOneByOne() async -> Bool {
        await consume(prefetch: 1) { consumption in
            for await delivery in consumption {
                if delivery.message.returns > 0 || isShut {
                    await share?.keepApart(returns: delivery.message.returns)
                    await take([delivery], from: consumption)
                } else {
                    await connection.cancel(consumption)
                    return await takeMany(beside: delivery)
                }
            }
            return !isStopping
        }
    }

    /// Batches that are under way at a time: while one waits for its confirms, the next is worked on.
    private static var batchesAtOnce: Int { 2 }

    /// Takes many at a time until one comes that has come back before.
    /// - Parameter first: is in hand already.
    /// - Returns: whether to go on; `false` when the stage stops.
    private func takeMany(beside first: Delivery) async -> Bool {
        let limit = limit
        return await consume(prefetch: limit) { consumption in
            var returned: [Delivery] = []
            await withDiscardingTaskGroup { group in
                let room = Room(limit)
                // A task for each batch in hand; they wait for confirms and endpoints side by side, in no order.
                func start(_ batch: [Delivery], isAlone: Bool) async {
                    let share = isAlone ? 1 : max(1, limit / Self.batchesAtOnce)
                    await room.enter(share)
                    group.addTask {
                        await take(batch, from: consumption) { room.leave(share) }
                        // Whoever sees that there may be more now, or must be fewer, ends the consumption.
                        if limit != self.limit { await connection.cancel(consumption) }
                    }
                }
                await start([first], isAlone: true)
                let patience = takesBatches ? patience : .zero
                for await batch in consumption.batches(patience: patience, company: limit / Self.batchesAtOnce) {
                    var fresh = batch
                    if batch.contains(where: { $0.message.returns > 0 }) {
                        if returned.isEmpty { await connection.cancel(consumption) }
                        returned += batch.filter { $0.message.returns > 0 }
                        fresh.removeAll { $0.message.returns > 0 }
                    }
                    if takesBatches {
                        if !fresh.isEmpty { await start(fresh, isAlone: false) }
                    } else {
                        for delivery in fresh { await start([delivery], isAlone: true) }
                    }
                }
            }
            // With nothing else in hand, in the broker's eyes, too.
            if !returned.isEmpty { await connection.settleNow() }
            // Who came back least often first: the one that kills has company for as few crashes as can be.
            for delivery in returned.sorted(by: { $0.message.returns < $1.message.returns }) {
                await share?.keepApart(returns: delivery.message.returns)
                await take([delivery], from: consumption)
            }
            return !isStopping
        }
    }

    /// Consumes the queue until the consumption is cancelled, by `body` or by a graceful shutdown.
    private func consume(prefetch: Int, _ body: (Consumption) async -> Bool) async -> Bool {
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

    // MARK: One batch

    /// Handles a batch to its end.
    /// - Parameter leave: called once, when nothing is left of it but what the broker does not take.
    private func take(
        _ batch: [Delivery], from consumption: Consumption, leave: () -> Void = {}
    ) async {
        let started = ContinuousClock.now
        let attempts = attemptsHeader
        let work = batch.map { StageWork($0, attempts: attempts) }
        if let spans { for work in work { work.span = spans.processing(work, queue) } }
        var open: [Untaken] = []
        do {
            try await handle(work)
            open = try await publish(work)
        } catch {
            abandon(work, error)
        }
        leave()
        if !open.isEmpty {
            do { try await publishUntilTaken(open) } catch { abandon(work, error) }
        }
        let took = started.duration(to: .now)
        for done in work {
            metrics.record(done.outcome, duration: took)
            done.span?.end(done.outcome)
        }
        if isShut { await connection.cancel(consumption) }
    }

    /// Cancelled, or the connection is shut down: what is not settled comes again.
    private func abandon(_ work: [StageWork], _ error: any Error) {
        for left in work where !left.isSettled {
            log(left).info("Message left to be delivered again", metadata: ["error": "\(error)"])
            left.outcome = .abandoned
        }
    }

    /// Finds out what follows from each message.
    private func handle(_ work: [StageWork]) async throws {
        let (readable, handle) = read(work)
        guard !readable.isEmpty else { return }
        var passed: [(gate: any StageGate, pass: any Sendable)] = []
        for gate in gates {
            switch try await gate.enter() {
            case .work(let pass): passed.append((gate, pass))
            case .postpone(let failure):
                for (gate, pass) in passed { gate.withdrew(pass) }
                for work in readable { fail(work, failure) }
                return
            }
        }
        let now = Date()
        let results = await handle(readable.map { context($0, now) })
        let news = passed.map { $0.gate.left($0.pass, results) }
        for (place, (work, result)) in zip(readable, results).enumerated() {
            switch result {
            case .success(let outputs):
                FailurePoint.pass("stage.handled")
                for output in outputs { emit(output, work) }
                for news in news { if let news = news[place] { tell(news, work) } }
            case .failure(let failure):
                for fact in failure.facts { tell(fact, work) }
                for news in news { if let news = news[place] { tell(news, work) } }
                fail(work, failure)
            }
        }
    }

    /// Reads messages; what cannot be read is dead.
    /// - Returns: those that can be, and what handles them.
    private func read(_ work: [StageWork]) -> ([StageWork], StageReading.Handle) {
        let whole = work.filter { !$0.delivery.isOversized }
        for work in work where work.delivery.isOversized {
            log(work).error("Message is too large, dead-lettered by the broker")
            work.outcome = .dead
            work.isForTheBroker = true
        }
        let reading = handler.read(whole.map(\.received))
        var readable: [StageWork] = []
        readable.reserveCapacity(whole.count)
        for (work, error) in zip(whole, reading.errors) {
            guard let error else {
                FailurePoint.pass("stage.received", String(decoding: work.delivery.message.body, as: UTF8.self))
                readable.append(work)
                continue
            }
            // The same fact came, or comes, in the version that is read here.
            if error.code == .unexpectedType, work.received.message.isOfNewerVersion {
                log(work).debug("A newer version of an event was ignored.")
                work.outcome = .ignored
                continue
            }
            deadLetter(
                work, .undecodable, .permanent("undecodable", "The message is not what the contract says: \(error)"))
        }
        return (readable, reading.handle)
    }

    private func context(_ work: StageWork, _ now: Date) -> StageContext {
        StageContext(
            attempt: work.failedAttempts + 1, maxAttempts: policy.maxAttempts, now: now,
            isAlone: work.delivery.message.returns > 0, logger: logger, requestID: work.received.requestID,
            span: work.span)
    }

    /// A queue that is missing or full is the operator's to mend: until then what leads there stays in hand,
    /// unacknowledged, and is tried again with growing waits.
    private func publishUntilTaken(_ untakenNow: [Untaken]) async throws {
        var open = untakenNow
        var backoff = ReconnectBackoff(.init())
        var generator = SystemRandomNumberGenerator()
        untaken.began(open.count, because: open[0].failure)
        defer { untaken.ended(open.count) }
        while !open.isEmpty {
            let wait = backoff.next(using: &generator)
            for (work, failure) in open {
                log(work).error(
                    "The broker does not take a message",
                    metadata: [
                        "error": "\(failure)", "retry_in": "\(wait.written)",
                        "message_id": "\(work.delivery.message.properties.messageID ?? "")",
                    ])
            }
            try await Task.sleep(for: wait)
            let before = open.count
            open = try await publish(open.map(\.work))
            untaken.ended(before - open.count)
        }
    }

    /// A message that something follows from which the broker does not take.
    private typealias Untaken = (work: StageWork, failure: PublishFailure)

    /// Publishes what follows from messages, and settles each of which all is taken.
    /// - Returns: those that are not settled yet, and why.
    /// - Throws: `CancellationError`, and `PublishFailure` when the connection is shut down.
    private func publish(_ work: [StageWork]) async throws -> [Untaken] {
        var publications: [Publication] = []
        /// Whose each publication is, by place.
        var owners: [Int] = []
        for (place, work) in work.enumerated() {
            publications += work.publications
            owners += repeatElement(place, count: work.publications.count)
        }
        var failures: [Int: PublishFailure] = [:]
        for failure in try await publisher.publish(publications) {
            guard failure.reason != .stopped else { throw failure }
            // What can never be sent outweighs what may be taken next time.
            if failures[owners[failure.index]]?.reason != .tooLarge { failures[owners[failure.index]] = failure }
        }
        for work in work { passFailurePoint(work.outcome) }
        FailurePoint.pass("stage.published")
        var settled: [Delivery] = []
        var open: [Untaken] = []
        for (place, work) in work.enumerated() {
            if !failures.isEmpty, let failure = failures[place] {
                if failure.reason == .tooLarge { giveUp(work) }
                if !work.isForTheBroker {
                    open.append((work, failure))
                    continue
                }
            }
            work.isSettled = true
            if work.isForTheBroker {
                connection.reject(work.delivery, requeue: false)
            } else {
                settled.append(work.delivery)
            }
        }
        connection.acknowledge(settled)
        FailurePoint.pass("stage.acknowledged")
        return open
    }

    private func passFailurePoint(_ outcome: StageMetrics.Outcome) {
        switch outcome {
        case .retried: FailurePoint.pass("stage.postponed")
        case .dead: FailurePoint.pass("stage.buried")
        case .done, .ignored, .abandoned: break
        }
    }

    /// What follows from a message can never be sent: it becomes a dead letter, and if even that cannot be sent, the
    /// broker has to see to it.
    private func giveUp(_ work: StageWork) {
        guard work.outcome != .dead else {
            work.isForTheBroker = true
            return
        }
        work.publications = []
        deadLetter(
            work, .permanent, .permanent("unsendable", "What follows from the message is too large to be published."))
    }

    /// Carries the id of the request, and that of its trace where there is a span; made when there is something to say.
    func log(_ work: StageWork) -> Logger {
        var logger = logger
        logger[metadataKey: "request_id"] = work.received.requestID.map { "\($0)" }
        logger[metadataKey: "trace_id"] = work.span.map { "\($0.place.traceID.hex)" }
        return logger
    }
}
