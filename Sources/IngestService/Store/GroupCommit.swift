import Synchronization

/// Runs writes of any kind, and commits together what arrives while a transaction runs.
///
/// A durable commit costs a write to the disk and back, whatever it holds: under load one commit carries many writes,
/// and alone a write does not wait for company. Each caller gets the result of its own write after the commit that
/// holds it.
///
/// A write that can wait a moment is patient: it goes with the next commit that is due anyway, or makes one when others
/// have gathered or its time is up.
///
/// A write that throws must not take its neighbours with it: the transaction is rolled back and each of its writes
/// runs again in a transaction of its own. So a write may run twice, and must only touch the connection.
///
/// A transaction that cannot begin fails all that wait at that moment: whoever asks learns within the time that a lock
/// is waited for that the database is away, however many ask.
final class GroupCommit<Runner: TransactionRunner>: Sendable {
    /// The end of a write: returns what hands its result to the caller.
    private typealias End = (Runner.Connection) throws -> @Sendable () -> Void

    /// A write with its result type hidden inside.
    private struct Write: Sendable {
        enum Steps: Sendable {
            case one(@Sendable (Runner.Connection) throws -> @Sendable () -> Void)
            case two(@Sendable (Runner.Connection) throws -> End)
        }

        let steps: Steps
        /// Whether the second step only looks at what became of the first.
        var looksOnly = false
        /// Hands an error to the caller.
        let fail: @Sendable (any Error) -> Void
    }

    private struct State {
        var waiting: [Write] = []
        /// Whether a batch runs or is about to.
        var isScheduled = false
        /// Whether what waits is to be written as soon as can be.
        var isDue = false
        /// Whether somebody looks after the patient ones when their time is up.
        var isTimed = false
    }

    /// What is to be done after a change of the state.
    private enum Step {
        case nothing
        case commit
        case wait
    }

    /// How long a patient write waits for company.
    static var patience: Duration { .milliseconds(10) }
    /// How many patient writes are company enough.
    static var company: Int { 32 }

    private let runner: Runner
    private let limit: Int
    private let observe: @Sendable (_ writes: Int, _ took: Duration) -> Void
    /// Waiting writes are bounded by the callers: each waits for one.
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: how many writes one transaction holds at most.
    ///   - observe: is told of each committed transaction.
    init(
        runner: Runner, limit: Int, observe: @escaping @Sendable (_ writes: Int, _ took: Duration) -> Void = { _, _ in }
    ) {
        self.runner = runner
        self.limit = limit
        self.observe = observe
    }

    /// Runs a write and returns its result once it is durable. The wait cannot be cancelled, since a write that has
    /// been handed over may already be on disk; it is as short as two transactions, and for a patient write `patience`
    /// longer.
    /// - Throws: what the write threw, or why its transaction failed; nothing is written then.
    /// - Parameter committed: called with the result on the thread that writes, before the caller goes on. Must not
    ///   wait.
    func run<Result: Sendable>(
        isPatient: Bool = false, _ write: @escaping @Sendable (Runner.Connection) throws -> Result,
        committed: @escaping @Sendable (Result) -> Void = { _ in }
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let run: @Sendable (Runner.Connection) throws -> @Sendable () -> Void = { connection in
                let result = try write(connection)
                return {
                    committed(result)
                    continuation.resume(returning: result)
                }
            }
            enqueue(
                Write(steps: .one(run), fail: { continuation.resume(throwing: $0) }), isPatient: isPatient)
        }
    }

    /// The same in two steps: each write of a transaction begins before the first one goes on.
    /// - Parameter looksOnly: whether the second step sends nothing: where that is so of all that are committed
    ///   together, it comes after the commit, which then waits for nothing.
    func run<Begun, Result: Sendable>(
        isPatient: Bool = false, looksOnly: Bool = false,
        begin: @escaping @Sendable (Runner.Connection) throws -> Begun,
        _ write: @escaping @Sendable (Runner.Connection, Begun) throws -> Result,
        committed: @escaping @Sendable (Result) -> Void = { _ in }
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let start: @Sendable (Runner.Connection) throws -> End = { connection in
                let begun = try begin(connection)
                return { connection in
                    let result = try write(connection, begun)
                    return {
                        committed(result)
                        continuation.resume(returning: result)
                    }
                }
            }
            enqueue(
                Write(steps: .two(start), looksOnly: looksOnly, fail: { continuation.resume(throwing: $0) }),
                isPatient: isPatient)
        }
    }

    /// How many writes wait for a transaction to begin.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    private func enqueue(_ write: Write, isPatient: Bool) {
        take(
            state.withLock { state in
                state.waiting.append(write)
                if !isPatient || state.waiting.count >= min(Self.company, limit) { state.isDue = true }
                return Self.next(&state)
            })
    }

    private func take(_ step: Step) {
        switch step {
        case .nothing: break
        case .commit:
            runner.schedule { connection in
                self.commit(self.nextBatch(), on: connection)
                self.take(
                    self.state.withLock { state in
                        state.isScheduled = false
                        return Self.next(&state)
                    })
            }
        case .wait:
            runner.wait(Self.patience) {
                self.take(
                    self.state.withLock { state in
                        state.isTimed = false
                        state.isDue = true
                        return Self.next(&state)
                    })
            }
        }
    }

    private static func next(_ state: inout State) -> Step {
        guard !state.isScheduled else { return .nothing }
        guard !state.waiting.isEmpty else {
            state.isDue = false
            return .nothing
        }
        if state.isDue {
            state.isScheduled = true
            return .commit
        }
        defer { state.isTimed = true }
        return state.isTimed ? .nothing : .wait
    }

    private func nextBatch() -> [Write] {
        state.withLock { state in
            let all = state.waiting
            state.waiting = Array(all.dropFirst(limit))
            // What did not fit in is not to wait any longer.
            state.isDue = !state.waiting.isEmpty
            return all.count > limit ? Array(all.prefix(limit)) : all
        }
    }

    /// How often a transaction is tried that the database has undone for a reason that passes.
    private static var tries: Int { 3 }

    /// - Returns: why the transaction could not begin; then its writes have failed.
    @discardableResult
    private func commit(_ batch: [Write], on connection: Runner.Connection, tries: Int = 1) -> (any Error)? {
        let start = ContinuousClock.now
        var (hasBegun, hasRun) = (false, false)
        var deliveries: [@Sendable () -> Void] = []
        deliveries.reserveCapacity(batch.count)
        var ends: [End] = []
        do {
            try runner.transaction(on: connection) {
                hasBegun = true
                ends = try Self.begin(batch, on: connection)
                if !batch.allSatisfy(\.looksOnly) {
                    for end in ends { deliveries.append(try end(connection)) }
                    ends = []
                }
                hasRun = true
            }
            observe(batch.count, start.duration(to: .now))
            for deliver in deliveries { deliver() }
            for (write, end) in zip(batch, ends) { look(write, end, connection) }
        } catch  where !hasBegun {
            // The database is locked or away, and it has been waited for. Each write alone would wait as long for the
            // same answer, and so would those that have come meanwhile.
            for write in batch + takeWaiting() { write.fail(error) }
            return error
        } catch  where tries < Self.tries && runner.passes(error) {
            return commit(batch, on: connection, tries: tries + 1)
        } catch  where batch.count > 1 && (!hasRun || runner.isOfStatement(error)) {
            // One of the writes threw, not the commit.
            for (index, write) in batch.enumerated() {
                guard let error = commit([write], on: connection) else { continue }
                for write in batch[(index + 1)...] { write.fail(error) }
                return error
            }
        } catch {
            for write in batch { write.fail(error) }
        }
        return nil
    }

    private static func begin(_ batch: [Write], on connection: Runner.Connection) throws -> [End] {
        try batch.map { write -> End in
            switch write.steps {
            case .one(let run): run
            case .two(let begin): try begin(connection)
            }
        }
    }

    /// The second step of a write that is committed.
    private func look(_ write: Write, _ end: End, _ connection: Runner.Connection) {
        do { try end(connection)() } catch { write.fail(error) }
    }

    private func takeWaiting() -> [Write] {
        state.withLock { state in
            defer {
                state.waiting = []
                state.isDue = false
            }
            return state.waiting
        }
    }
}

/// What `GroupCommit` asks of a database: one connection that writes, and transactions on it.
protocol TransactionRunner<Connection>: Sendable {
    associatedtype Connection

    /// Calls `body` with the writing connection, outside any transaction, on a thread that may block. Returns at once.
    /// Bodies run one after another.
    func schedule(_ body: @escaping @Sendable (Connection) -> Void)

    /// Calls `body` when that much time has passed. Returns at once.
    func wait(_ time: Duration, then body: @escaping @Sendable () -> Void)

    /// Runs `body` in a transaction that is durable when this returns, and rolled back when it throws.
    /// - Throws: what `body` threw, or why the transaction could not begin or commit. When it could not begin, `body`
    ///   was not called.
    func transaction(on connection: Connection, _ body: () throws -> Void) throws

    /// Whether the same transaction may work when it is tried again at once: it is undone, and not for what is in it.
    func passes(_ error: any Error) -> Bool

    /// Whether a commit failed because of a statement before it.
    func isOfStatement(_ error: any Error) -> Bool
}

extension TransactionRunner {
    func passes(_ error: any Error) -> Bool { false }
    func isOfStatement(_ error: any Error) -> Bool { false }
}
