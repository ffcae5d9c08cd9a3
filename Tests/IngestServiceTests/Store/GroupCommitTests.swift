import Synchronization
import Testing

@testable import IngestService

@Suite struct GroupCommitTests {
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
        var batches: [Int] = []
    }

    private let state: Mutex<State>

    init(failingCommits: Int = 0) { state = Mutex(State(failingCommits: failingCommits)) }

    var batches: [Int] { state.withLock { $0.batches } }

    func schedule(_ body: @escaping @Sendable (ScriptedDatabase) -> Void) {
        let runsNow = state.withLock { state in
            if !state.isReleased { state.held.append(body) }
            return state.isReleased
        }
        if runsNow { body(self) }
    }

    func transaction(on connection: ScriptedDatabase, _ body: () throws -> Void) throws {
        try body()
        try state.withLock { state in
            if state.failingCommits > 0 {
                state.failingCommits -= 1
                throw Failure()
            }
        }
    }

    /// Waits until a transaction is held back and that many writes wait for it.
    func waitFor(of commits: GroupCommit<ScriptedDatabase>, waiting: Int) async {
        while state.withLock({ $0.held.isEmpty }) || commits.waitingCount < waiting { await Task.yield() }
    }

    func release() {
        let held = state.withLock { state in
            state.isReleased = true
            defer { state.held = [] }
            return state.held
        }
        for body in held { body(self) }
    }

    func observe(_ writes: Int) { state.withLock { $0.batches.append(writes) } }
}
