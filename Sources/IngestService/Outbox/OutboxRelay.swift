import Contracts
import Logging
import ServiceLifecycle
import ServiceRuntime

import struct Foundation.Date

/// Publishes what is in the outbox, and removes what the broker has confirmed.
///
/// At the start it sweeps the table for what an earlier process left. From then on entries come by the hand-over as
/// they are committed; when more come than fit in memory, it looks for them in the table. What has gathered is
/// published together, waits once for its confirms, and is removed together, with the next commit. A crash between
/// confirm and removal publishes an event twice under the same id, which every consumer expects.
///
/// It stops by publishing what it has until a deadline. What is left stays in the outbox.
struct OutboxRelay: Service {
    private let store: RequestStore
    private let publisher: any MessagePublisher
    private let exchange: String
    private let left: Int64
    private let configuration: Configuration
    private let executor: (any TaskExecutor)?
    private let metrics: IngestMetrics
    private let spans: SpanRecorder?
    private let logger: Logger
    private let now: @Sendable () -> Date
    private let sleep: @Sendable (Duration) async throws -> Void
    private let handover: OutboxHandover

    /// - Parameters:
    ///   - handover: gets what is committed.
    ///   - exchange: where events are published to.
    ///   - left: the last entry that an earlier process may have left; what comes behind it will be handed over.
    ///   - executor: runs the relay; best where the publisher works.
    ///   - spans: `nil` where nobody collects them.
    ///   - sleep: waits between tries, and for the deadline of the drain.
    init(
        store: RequestStore, handover: OutboxHandover, publisher: any MessagePublisher, exchange: String, left: Int64,
        configuration: Configuration = Configuration(), executor: (any TaskExecutor)? = nil,
        metrics: IngestMetrics, spans: SpanRecorder? = nil, logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.store = store
        self.publisher = publisher
        self.exchange = exchange
        self.left = left
        self.configuration = configuration
        self.executor = executor
        self.metrics = metrics
        self.spans = spans
        self.logger = logger
        self.now = now
        self.sleep = sleep
        self.handover = handover
    }

    func run() async throws {
        await withGracefulShutdownHandler {
            await withTaskExecutorPreference(executor) { await work() }
        } onGracefulShutdown: {
            handover.close()
        }
    }

    private func work() async {
        await withTaskGroup { group in
            // Three side by side; whichever of the first two ends cancels the others.
            group.addTask { await relay() }  // Ends when it has drained.
            group.addTask { await endDrain() }  // Ends when the drain has taken too long.
            group.addTask { await watch() }  // Only reports.
            for await isOver in group where isOver { group.cancelAll() }
        }
    }

    /// Publishes until the hand-over is closed and empty.
    private func relay() async -> Bool {
        await withDiscardingTaskGroup { group in
            let room = Room(configuration.publishLimit)
            await sweep(0...left, &group, room)
            while true {
                let entries = await handover.next()
                if entries.isEmpty { break }
                await start(entries, &group, room)
                if let missed = handover.takeMissed() { await sweep(missed, &group, room) }
            }
        }
        return true
    }

    /// Starts to publish entries, together; waits first until there is room for them beside what is under way.
    private func start(_ entries: [OutboxEntry], _ group: inout DiscardingTaskGroup, _ room: Room) async {
        var rest = entries[...]
        while !rest.isEmpty {
            let batch = Array(rest.prefix(max(1, configuration.publishLimit / 2)))
            rest = rest.dropFirst(batch.count)
            await room.enter(batch.count)
            // A task for each batch: the next one is published while this one waits for its confirms.
            group.addTask {
                await publish(batch)
                room.leave(batch.count)
            }
        }
    }

    /// Starts to publish everything in a part of the table that is not taken care of already.
    private func sweep(_ range: ClosedRange<Int64>, _ group: inout DiscardingTaskGroup, _ room: Room) async {
        var last = range.lowerBound - 1
        var found = 0
        while last < range.upperBound, !Task.isCancelled, let page = await page(after: last), let end = page.last {
            let entries = page.filter { range.contains($0.sequence) && handover.claim($0.sequence) }
            found += entries.count
            await start(entries, &group, room)
            last = end.sequence
        }
        if found > 0 { logger.info("The outbox was swept.", metadata: ["count": "\(found)"]) }
    }

    /// Tries until the store answers; `nil` when cancelled.
    private func page(after sequence: Int64) async -> [OutboxEntry]? {
        await untilDone("The outbox cannot be read.") {
            try await store.outbox(after: sequence, limit: configuration.sweepPage)
        }
    }

    /// Publishes entries and removes those that are confirmed; the others are tried again.
    private func publish(_ entries: [OutboxEntry]) async {
        defer { handover.release(entries) }
        let start = ContinuousClock.now
        var open = entries
        var sending = begin(&open)
        // Those that are left were not published.
        defer {
            for span in sending.values {
                span.fail("unpublished")
                span.end()
            }
        }
        var wait = configuration.firstWait
        while true {
            let failures: [PublishFailure]
            do {
                failures = try await publisher.publish(open.map(\.message), exchange: exchange)
            } catch {
                // Cancelled: what is left stays in the outbox.
                return
            }
            let failed = Set(failures.map(\.index))
            let confirmed = open.indices.filter { !failed.contains($0) }.map { open[$0] }
            if !confirmed.isEmpty {
                for entry in confirmed { sending.removeValue(forKey: entry.sequence)?.end() }
                failurePoint("relay.confirmed")
                metrics.published(confirmed.count, in: start.duration(to: .now))
                _ = await untilDone("Confirmed events cannot be removed.") {
                    try await store.removeFromOutbox(confirmed.map(\.sequence))
                }
            }
            guard !failures.isEmpty, !failures.contains(where: { $0.reason == .stopped }) else { return }
            for failure in failures {
                metrics.relayFailed()
                logger.warning(
                    "An event cannot be published.",
                    metadata: [
                        "error": "\(failure)",
                        "request_id": "\(open[failure.index].message.requestID?.description ?? "")",
                    ])
            }
            open = open.indices.filter(failed.contains).map { open[$0] }
            // Cancelled while it waits: the same.
            do { try await sleep(wait) } catch { return }
            wait = min(wait * 2, configuration.longestWait)
        }
    }

    /// Spans of those whose traces are sampled, by their place in the outbox; what follows from them stands below.
    private func begin(_ entries: inout [OutboxEntry]) -> [Int64: RecordedSpan] {
        guard let spans else { return [:] }
        var sending: [Int64: RecordedSpan] = [:]
        for index in entries.indices {
            guard let span = spans.sending(entries[index].message, to: exchange) else { continue }
            entries[index].message.traceParent = span.place.header
            sending[entries[index].sequence] = span
        }
        return sending
    }

    /// Tries again and again, ever less often.
    /// - Returns: `nil` when the task was cancelled.
    private func untilDone<Result: Sendable>(
        _ message: Logger.Message, _ body: () async throws -> Result
    ) async -> Result? {
        var wait = configuration.firstWait
        while !Task.isCancelled {
            do {
                return try await body()
            } catch is CancellationError {
                return nil
            } catch {
                metrics.relayFailed()
                logger.warning(message, metadata: ["error": "\(error)"])
            }
            // Cancelled while it waits: the loop ends.
            do { try await sleep(wait) } catch { return nil }
            wait = min(wait * 2, configuration.longestWait)
        }
        return nil
    }

    /// Ends when the drain has taken as long as it may.
    private func endDrain() async -> Bool {
        do {
            try await gracefulShutdown()
            try await sleep(configuration.drainDeadline)
            logger.warning("The outbox relay stops with events left; they stay in the outbox.")
        } catch {
            // The relay has drained, or the whole process is being cancelled.
        }
        return true
    }

    /// Hands over what others have left, and what of this process's own has waited long: the answer to its commit may
    /// have been lost for good. What is known is not taken twice.
    private func takeOver() async {
        guard store.database.dialect.hasWriters else { return }
        do {
            while true {
                let left = try await store.takeOverOutbox(
                    after: configuration.silence, configuration.longSilence, limit: configuration.sweepPage)
                if !left.isEmpty {
                    logger.notice("The outbox of others was taken over.", metadata: ["count": "\(left.count)"])
                    handover.put(left)
                }
                if left.count < configuration.sweepPage { break }
            }
            let old = now().before(configuration.longSilence)
            let own = try await store.outbox(after: 0, limit: configuration.sweepPage)
            handover.put(own.filter { $0.createdAt < old })
        } catch {
            logger.warning("The outbox of others cannot be taken over.", metadata: ["error": "\(error)"])
        }
    }

    /// Reports now and then how much waits.
    private func watch() async -> Bool {
        while !Task.isCancelled && !Task.isShuttingDownGracefully {
            await takeOver()
            do {
                let status = try await store.outboxStatus()
                let age = status.oldest.map { max(0, now().timeIntervalSince($0)) } ?? 0
                metrics.outbox(count: status.count, age: .seconds(age))
            } catch {
                logger.warning("The outbox cannot be read.", metadata: ["error": "\(error)"])
            }
            // Ends early when the service stops; the loop's condition then says so.
            do { try await cancelWhenGracefulShutdown { try await sleep(configuration.watchInterval) } } catch {}
        }
        return false
    }
}

extension OutboxRelay {
    /// Bounds of the relay. Not for operators: they fit any machine.
    struct Configuration: Sendable {
        /// How many publishes wait for their confirm at once.
        var publishLimit = 256
        /// How many fresh events wait in memory; more wait in the table alone.
        var handoverLimit = 4096
        /// How many events a sweep reads at once.
        var sweepPage = 256
        /// How long to wait after the first failed try; doubled after each further one.
        var firstWait = Duration.seconds(1)
        var longestWait = Duration.seconds(60)
        /// How long the relay goes on publishing when it is to stop.
        var drainDeadline = Duration.seconds(10)
        /// How long nothing may be heard of a process on the same database before another one publishes what it left:
        /// of one that has lost its connection to it, and of one that has not.
        var silence = Duration.seconds(3)
        var longSilence = Duration.seconds(20)
        /// How often the outbox's length is reported.
        var watchInterval = Duration.seconds(5)
    }
}
