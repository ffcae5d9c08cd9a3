import AdminAPI
import Broker
import Contracts
import DeadLetters
import Logging
import ServiceLifecycle
import Synchronization

import struct Foundation.Date
import struct Foundation.UUID

/// What an operator asks for in the console: some dead letters are to be given back, or thrown away.
struct RemedyOrder: Sendable, Equatable {
    var remedy: Remedy
    var choice: DeadLetterChoice
    /// Whose dead queue is gone through.
    var stage: Stage
    /// Whether one goes first, and the others as long as none dies again.
    var isCanary = false
    /// Which letters, in words: `callback, out-of-attempts`.
    var what: String
    /// The request of a single letter; `nil` for a group, and for a letter that names none.
    var request: RequestID?
    var by: StaffMember
    var at: Date
}

/// How far an order is.
struct RemedyProgress: Sendable, Equatable {
    enum State: Sendable, Equatable {
        case underWay
        /// It came to its end. `missing` are ids that were asked for and are in no dead queue.
        case ended(missing: Int)
        /// It stopped before its end; the letters that were not settled are where they were.
        case stopped(String)
    }

    var order: RemedyOrder
    var tally = RemedyTally()
    var state = State.underWay
    var endedAt: Date?
}

/// Carries out what operators ask for, one order at a time: two at once would hold each other's letters.
///
/// Whatever ends it at whatever moment, no letter is lost: see `DeadLetterWork`. It holds no connection to the broker
/// while there is nothing to do.
final class RemedyRuns: Service, Sendable {
    /// - Returns: the ids, of those asked for, that were found.
    typealias Work = @Sendable (RemedyOrder, LiveTally) async throws -> Set<UUID>

    private struct Current: Sendable {
        var progress: RemedyProgress
        let tally: LiveTally
    }

    private let store: RequestStore
    private let logger: Logger
    private let now: @Sendable () -> Date
    private let work: Work
    private let current = Mutex<Current?>(nil)
    private let orders: AsyncStream<RemedyOrder>
    private let continuation: AsyncStream<RemedyOrder>.Continuation

    init(store: RequestStore, logger: Logger, now: @escaping @Sendable () -> Date, work: @escaping Work) {
        self.store = store
        self.logger = logger
        self.now = now
        self.work = work
        // One at a time is let in.
        (orders, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    /// The newest order, and how far it is; `nil` before the first one of this process.
    var newest: RemedyProgress? {
        current.withLock { current in
            guard var progress = current?.progress, let tally = current?.tally else { return nil }
            progress.tally = tally.current
            return progress
        }
    }

    /// - Returns: `false` when another one is under way.
    /// - Throws: `StoreError` when it cannot be written down who asks; then nothing is done.
    func take(_ order: RemedyOrder) async throws -> Bool {
        let isFree = current.withLock { current in
            guard current?.progress.state != .underWay else { return false }
            current = Current(progress: RemedyProgress(order: order), tally: LiveTally())
            return true
        }
        guard isFree else { return false }
        do {
            try await store.note(order.entry(at: order.at, detail: order.words))
        } catch {
            current.withLock { $0 = nil }
            throw error
        }
        continuation.yield(order)
        return true
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            for await order in orders { await carryOut(order) }
        }
    }

    private func carryOut(_ order: RemedyOrder) async {
        guard let tally = current.withLock({ $0?.tally }) else { return }
        let state: RemedyProgress.State
        do {
            let found = try await work(order, tally)
            state = .ended(missing: order.choice.ids.subtracting(found).count)
        } catch is CancellationError {
            state = .stopped("The service stops. What was not settled is where it was.")
        } catch let trouble as DeadLetterTrouble {
            state = .stopped(trouble.description)
        } catch {
            logger.error("Dead letters cannot be settled.", metadata: ["error": "\(error)"])
            state = .stopped("The store or the broker does not answer: look at the service's log.")
        }
        let (now, summary) = (Timestamp.truncate(now()), tally.current.summary)
        logger.notice(
            "Dead letters were settled at an operator's word.",
            metadata: ["stage": "\(order.stage.rawValue)", "outcome": "\(summary)"])
        var detail = "\(order.words): \(summary)"
        if case .stopped(let why) = state { detail += "; \(why)" }
        // What was done stands in the letters themselves, too.
        do { try await store.note(order.entry(at: now, detail: detail)) } catch {
            logger.error("The audit log cannot be written.", metadata: ["error": "\(error)"])
        }
        current.withLock {
            $0?.progress.state = state
            $0?.progress.endedAt = now
        }
    }
}

extension RemedyOrder {
    var words: String {
        switch remedy {
        case .replay: isCanary ? "\(what), one first" : what
        case .discard(let why): "\(what): \(why)"
        }
    }

    fileprivate func entry(at date: Date, detail: String) -> AuditEntry {
        let action: AuditEntry.Action =
            switch remedy {
            case .replay: .replayed
            case .discard: .discarded
            }
        return AuditEntry(at: date, person: by.email, action: action, request: request, detail: detail)
    }
}

/// The work itself, over the broker.
struct DeadQueueWork: Sendable {
    let target: BrokerTarget
    let store: RequestStore
    /// How long a careful replay waits until all of a batch have moved on.
    var patience = Duration.seconds(60)

    /// What is held of letters that are not meant; with the bound on a body it is what a run may cost in memory.
    private static let reach = 1000
    private static let longestBody = DeadLetterRecord.longestBody

    init(_ connection: ConnectionConfiguration, _ topology: Topology, store: RequestStore) {
        var connection = connection
        connection.maximumBodySize = Self.longestBody
        connection.connectTimeout = .seconds(5)
        target = BrokerTarget(connection: connection, topology: topology)
        self.store = store
    }

    @Sendable func settle(_ order: RemedyOrder, _ tally: LiveTally) async throws -> Set<UUID> {
        try await BrokerSession.run(target) { session in
            let depth = try await session.depth(of: session.topology.deadQueue(order.stage)).messages
            tally.count { $0.total = depth }
            let work = DeadLetterWork(
                records: store, session: session, choice: order.choice, remedy: order.remedy, by: order.by.name,
                limit: order.choice.ids.count == 1 ? 1 : nil,
                canary: order.isCanary ? CanaryWatch(records: store, patience: patience) : nil, reach: Self.reach,
                tally: tally)
            return try await work.run(order.stage)
        }
    }
}

extension RequestStore: DeadLetterRecords {
    func letter(_ messageID: UUID, of stage: Stage) async throws -> KnownLetter? {
        guard let letter = try await deadLetters(messageID).first(where: { $0.message.stage == stage }) else {
            return nil
        }
        let death = letter.message.deadLettering
        var job: KnownLetter.Job?
        if let id = letter.message.requestID, let request = try await request(id) {
            job = KnownLetter.Job(stage: request.job.stage)
        }
        return KnownLetter(
            reason: death.reason.rawValue, error: death.error, diedAt: death.at, replays: death.replays,
            told: letter.isTold, resolution: letter.resolution.map { .init(replays: $0.replays) }, job: job)
    }
}
