import Dispatch
import Glibc
import Synchronization
import Testing

@testable import IngestService

@Suite(.timeLimit(.minutes(5))) struct GroupCommitTests {
    @Test func whatWaitsIsCommittedTogether() async throws {
        let database = ScriptedDatabase()
        let commits = GroupCommit(runner: database, limit: 100) { writes, _ in database.observe(writes) }
        let results = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<50 { group.addTask { try await commits.run { _ in number } } }
            await database.waitFor(of: commits, waiting: 50)
            database.release()
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(results == Set(0..<50))
        #expect(database.batches == [50])
    }

    /// The database is locked: all that wait learn it from the one that has waited for the lock.
    @Test func whatCannotBeginFailsOnceAndTogether() async throws {
        let database = ScriptedDatabase(failingBegins: 1)
        let commits = GroupCommit(runner: database, limit: 5) { writes, _ in database.observe(writes) }
        let failures = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<12 {
                group.addTask {
                    do {
                        try await commits.run { _ in }
                        return false
                    } catch { return true }
                }
            }
            await database.waitFor(of: commits, waiting: 12)
            database.release()
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(failures == 12 && database.begins == 1)
        // It is there again.
        try await commits.run { _ in }
        #expect(database.begins == 2 && database.batches == [1])
    }

    @Test func aLockThatComesWhileABatchIsTakenApartFailsTheRestTogether() async throws {
        let database = ScriptedDatabase(failingBegins: 1, afterBegins: 2)
        let commits = GroupCommit(runner: database, limit: 100)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<10 {
                group.addTask {
                    do {
                        try await commits.run { _ in if number == 9 { throw ScriptedDatabase.Failure() } }
                        return true
                    } catch { return false }
                }
            }
            await database.waitFor(of: commits, waiting: 10)
            database.release()
            return await group.reduce(into: []) { $0.append($1) }
        }
        // The batch, the first write alone, and the second one, which met the lock.
        #expect(database.begins == 3 && outcomes.count { $0 } <= 1)
    }

    private final class Log: Sendable {
        private let state = Mutex<[String]>([])
        var all: [String] { state.withLock { $0 } }
        func add(_ text: String) { state.withLock { $0.append(text) } }
    }

    /// Whatever waits for answers from far away is asked for together.
    @Test func eachBeginsBeforeTheFirstGoesOn() async throws {
        let database = ScriptedDatabase()
        let commits = GroupCommit(runner: database, limit: 100) { writes, _ in database.observe(writes) }
        let log = Log()
        let results = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<3 {
                group.addTask {
                    try await commits.run { _ in
                        log.add("begins")
                        return number
                    } _: { _, begun in
                        log.add("goes on")
                        return begun * 10
                    }
                }
            }
            await database.waitFor(of: commits, waiting: 3)
            database.release()
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(results == [0, 10, 20])
        #expect(log.all == ["begins", "begins", "begins", "goes on", "goes on", "goes on"])
    }

    /// What only looks at what became of it need not keep the transaction open, unless another one does.
    @Test(arguments: [true, false])
    func whatOnlyLooksComesAfterTheCommit(_ looksOnly: Bool) async throws {
        let database = ScriptedDatabase()
        let commits = GroupCommit(runner: database, limit: 100) { writes, _ in database.observe(writes) }
        let log = Log()
        database.committed = { log.add("committed") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<3 {
                group.addTask {
                    try await commits.run(looksOnly: looksOnly || number < 2) { _ in
                        log.add("begins")
                    } _: { _, _ in
                        log.add("looks")
                    }
                }
            }
            await database.waitFor(of: commits, waiting: 3)
            database.release()
            try await group.waitForAll()
        }
        let (begin, look) = (Array(repeating: "begins", count: 3), Array(repeating: "looks", count: 3))
        #expect(log.all == begin + (looksOnly ? ["committed"] + look : look + ["committed"]))
    }

    /// One whose transaction failed has nothing to look at; what it throws when it looks is its own.
    @Test func whatOnlyLooksFailsWithItsTransaction() async throws {
        struct Odd: Error {}
        let database = ScriptedDatabase(failingCommits: 1)
        let commits = GroupCommit(runner: database, limit: 100) { writes, _ in database.observe(writes) }
        let looks = Log()
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    do {
                        try await commits.run(looksOnly: true) { _ in
                        } _: { _, _ in
                            looks.add("looks")
                        }
                        return true
                    } catch { return false }
                }
            }
            await database.waitFor(of: commits, waiting: 3)
            database.release()
            return await group.reduce(into: []) { $0.append($1) }
        }
        // Nobody knows whether such a commit is there: it is not tried again.
        #expect(outcomes == [false, false, false] && looks.all.isEmpty && database.begins == 1)
        await #expect(throws: Odd.self) {
            try await commits.run(looksOnly: true) { _ in
            } _: { _, _ in
                throw Odd()
            }
        }
    }

    /// Undone for what another transaction did: it is tried again, together, but not for ever.
    @Test(arguments: [(1, 2, true), (2, 3, true), (3, 3, false)])
    func whatPassesIsTriedAgain(_ failures: Int, _ begins: Int, _ isThere: Bool) async throws {
        let database = ScriptedDatabase(failingCommits: failures, passes: true)
        let commits = GroupCommit(runner: database, limit: 100) { writes, _ in database.observe(writes) }
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<5 {
                group.addTask {
                    do {
                        try await commits.run { _ in }
                        return true
                    } catch { return false }
                }
            }
            await database.waitFor(of: commits, waiting: 5)
            database.release()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.allSatisfy { $0 == isThere } && database.begins == begins)
        #expect(database.batches == (isThere ? [5] : []))
    }

    /// A statement whose failure is seen with the commit alone: its neighbours are written without it.
    @Test func aStatementThatFailsTheCommitTakesNoOthersWithIt() async throws {
        let database = ScriptedDatabase(failingCommits: 1, isOfStatement: true)
        let commits = GroupCommit(runner: database, limit: 100) { writes, _ in database.observe(writes) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { try await commits.run { _ in } } }
            await database.waitFor(of: commits, waiting: 4)
            database.release()
            try await group.waitForAll()
        }
        #expect(database.batches == [1, 1, 1, 1])
    }

    @Test func aBatchIsBounded() async throws {
        let database = ScriptedDatabase()
        let commits = GroupCommit(runner: database, limit: 20) { writes, _ in database.observe(writes) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { try await commits.run { _ in } } }
            await database.waitFor(of: commits, waiting: 50)
            database.release()
            try await group.waitForAll()
        }
        #expect(database.batches == [20, 20, 10])
    }

    @Test func aPatientWriteWaitsForItsTimeAndNoLonger() async throws {
        let database = ScriptedDatabase()
        database.release()
        let commits = GroupCommit(runner: database, limit: 100) { writes, _ in database.observe(writes) }
        for round in 1...2 {
            async let first: Void = commits.run(isPatient: true) { _ in }
            async let second: Void = commits.run(isPatient: true) { _ in }
            await database.waitFor(of: commits, patient: 2)
            #expect(database.batches.count == round - 1)
            database.elapse()
            _ = try await (first, second)
            #expect(database.batches == Array(repeating: 2, count: round))
            #expect(database.waits == round)
        }
    }

    @Test func aWriteThatCannotWaitTakesThePatientOnesAlong() async throws {
        let database = ScriptedDatabase()
        database.release()
        let commits = GroupCommit(runner: database, limit: 100) { writes, _ in database.observe(writes) }
        async let patient: Void = commits.run(isPatient: true) { _ in }
        await database.waitFor(of: commits, patient: 1)
        try await commits.run { _ in }
        try await patient
        #expect(database.batches == [2])
        // Its time is up for nobody.
        database.elapse()
        #expect(database.batches == [2])
    }

    @Test func enoughPatientWritesAreCommittedAtOnce() async throws {
        let database = ScriptedDatabase()
        database.release()
        let commits = GroupCommit(runner: database, limit: 100) { writes, _ in database.observe(writes) }
        let company = GroupCommit<ScriptedDatabase>.company
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<company { group.addTask { try await commits.run(isPatient: true) { _ in } } }
            try await group.waitForAll()
        }
        #expect(database.batches == [company])
        #expect(commits.waitingCount == 0)
    }

    @Test func whatComesDuringACommitIsNotForgotten() async throws {
        let database = ScriptedDatabase()
        database.release()
        let commits = GroupCommit(runner: database, limit: 100) { writes, _ in database.observe(writes) }
        let afterwards = {
            await database.waitFor(of: commits, patient: 1)
            #expect(database.batches == [1])
            database.elapse()
        }
        try await run(on: commits, latePatient: true, afterwards: afterwards)
        #expect(database.batches == [1, 1])
    }

    @Test func whatCannotWaitIsNextWhenACommitRuns() async throws {
        let database = ScriptedDatabase()
        database.release()
        let commits = GroupCommit(runner: database, limit: 100) { writes, _ in database.observe(writes) }
        try await run(on: commits, latePatient: false)
        #expect(database.batches == [1, 1])
        #expect(database.waits == 0)
    }

    @Test func aTimeThatIsUpDuringACommitCounts() async throws {
        let database = ScriptedDatabase()
        database.release()
        let commits = GroupCommit(runner: database, limit: 1) { writes, _ in database.observe(writes) }
        // Alone in its commit anyway: it waits for nobody.
        try await commits.run(isPatient: true) { _ in }
        #expect(database.waits == 0)
        let pairs = GroupCommit(runner: database, limit: 2) { writes, _ in database.observe(writes) }
        async let patient: Void = pairs.run(isPatient: true) { _ in }
        await database.waitFor(of: pairs, patient: 1)
        try await run(on: pairs, latePatient: true, meanwhile: { database.elapse() })
        try await patient
        #expect(database.batches == [1, 2, 1])
        #expect(database.waits == 1)
    }

    /// Runs a write that cannot wait, and one that comes while the first one's transaction runs.
    /// - Parameters:
    ///   - meanwhile: called in that transaction, when the second one waits.
    ///   - afterwards: called when the first one is durable.
    private func run(
        on commits: GroupCommit<ScriptedDatabase>, latePatient isPatient: Bool,
        meanwhile: @escaping @Sendable () -> Void = {}, afterwards: () async -> Void = {}
    ) async throws {
        let (opening, gate) = AsyncStream.makeStream(of: Void.self)
        async let late: Void = {
            _ = await opening.first { _ in true }
            try await commits.run(isPatient: isPatient) { _ in }
        }()
        try await commits.run { _ in
            gate.yield()
            while commits.waitingCount == 0 { sched_yield() }
            meanwhile()
        }
        await afterwards()
        try await late
    }

    @Test func aFailedCommitFailsEachOfItsWrites() async throws {
        let database = ScriptedDatabase(failingCommits: 1)
        let commits = GroupCommit(runner: database, limit: 100) { writes, _ in database.observe(writes) }
        let failures = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    do {
                        try await commits.run { _ in }
                        return false
                    } catch {
                        return error is ScriptedDatabase.Failure
                    }
                }
            }
            await database.waitFor(of: commits, waiting: 10)
            database.release()
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(failures == 10)
        try await commits.run { _ in }
    }

    @Test func aWriteThatThrowsFailsAlone() async throws {
        let database = ScriptedDatabase()
        let commits = GroupCommit(runner: database, limit: 100) { writes, _ in database.observe(writes) }
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<10 {
                group.addTask {
                    do {
                        try await commits.run { _ in if number == 4 { throw ScriptedDatabase.Failure() } }
                        return true
                    } catch {
                        return false
                    }
                }
            }
            await database.waitFor(of: commits, waiting: 10)
            database.release()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count(where: { $0 }) == 9)
        #expect(database.batches == Array(repeating: 1, count: 9))
    }
}

/// A database whose first transaction waits until it is released, and which counts what each commit held.
private final class ScriptedDatabase: TransactionRunner {
    struct Failure: Error {}

    private struct State {
        var held: [@Sendable (ScriptedDatabase) -> Void] = []
        var isReleased = false
        var failingCommits: Int
        var failingBegins: Int
        /// How many begin before those that cannot.
        var goodBegins: Int
        var begins = 0
        var batches: [Int] = []
        /// What was asked to be called when a time is up.
        var timed: [@Sendable () -> Void] = []
        var waits = 0
    }

    private let state: Mutex<State>
    /// As a database has one: a write may wait for a task without keeping the pool from running it.
    private let thread = DispatchQueue(label: "scripted database")

    private let passing: Bool
    private let ofStatement: Bool
    /// Called with each commit. Set before the first.
    nonisolated(unsafe) var committed: @Sendable () -> Void = {}

    init(
        failingCommits: Int = 0, failingBegins: Int = 0, afterBegins goodBegins: Int = 0, passes: Bool = false,
        isOfStatement: Bool = false
    ) {
        passing = passes
        ofStatement = isOfStatement
        state = Mutex(
            State(failingCommits: failingCommits, failingBegins: failingBegins, goodBegins: goodBegins))
    }

    /// How many transactions were to begin.
    var begins: Int { state.withLock { $0.begins } }

    var batches: [Int] { state.withLock { $0.batches } }
    var waits: Int { state.withLock { $0.waits } }

    func wait(_ time: Duration, then body: @escaping @Sendable () -> Void) {
        state.withLock { state in
            state.timed.append(body)
            state.waits += 1
        }
    }

    /// The time of all that wait is up.
    func elapse() {
        let timed = state.withLock { state in
            defer { state.timed = [] }
            return state.timed
        }
        for body in timed { body() }
    }

    func schedule(_ body: @escaping @Sendable (ScriptedDatabase) -> Void) {
        let runsNow = state.withLock { state in
            if !state.isReleased { state.held.append(body) }
            return state.isReleased
        }
        if runsNow { thread.async { body(self) } }
    }

    func transaction(on connection: ScriptedDatabase, _ body: () throws -> Void) throws {
        try state.withLock { state in
            state.begins += 1
            guard state.begins > state.goodBegins, state.failingBegins > 0 else { return }
            state.failingBegins -= 1
            throw Failure()
        }
        try body()
        try state.withLock { state in
            if state.failingCommits > 0 {
                state.failingCommits -= 1
                throw Failure()
            }
        }
        committed()
    }

    /// Waits until a transaction is held back and that many writes wait for it.
    func waitFor(of commits: GroupCommit<ScriptedDatabase>, waiting: Int) async {
        while state.withLock({ $0.held.isEmpty }) || commits.waitingCount < waiting { await Task.yield() }
    }

    /// Waits until that many patient writes wait, and for a time.
    func waitFor(of commits: GroupCommit<ScriptedDatabase>, patient: Int) async {
        while state.withLock({ $0.timed.isEmpty }) || commits.waitingCount < patient { await Task.yield() }
    }

    func release() {
        let held = state.withLock { state in
            state.isReleased = true
            defer { state.held = [] }
            return state.held
        }
        for body in held { body(self) }
    }

    func passes(_ error: any Error) -> Bool { passing }
    func isOfStatement(_ error: any Error) -> Bool { ofStatement }

    func observe(_ writes: Int) { state.withLock { $0.batches.append(writes) } }
}
