import Contracts
import Dispatch
import Foundation
import GRDB
import ServiceRuntime
import Synchronization
import Testing

@testable import IngestService

/// The store on SQLite.
@Suite(.serialized)
struct SQLiteDatabaseTests {
    @Test func everyCommitIsFlushedToTheDisk() async throws {
        try await withSQLiteStore { store, _ in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            let (synchronous, journal) = try await store.pool.writeWithoutTransaction { database in
                (
                    try Int.fetchOne(database, sql: "PRAGMA synchronous"),
                    try String.fetchOne(database, sql: "PRAGMA journal_mode")
                )
            }
            #expect(synchronous == 2, "FULL")
            #expect(journal == "wal")
        }
    }

    /// A copy of the file alone, without the log beside it, has what was committed a moment ago: nobody who waits for a
    /// commit carried it over.
    @Test func whatIsCommittedGoesIntoTheFileBesideTheWriter() async throws {
        try await withSQLiteStore { store, path in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            let copy = path + ".copy"
            var found = 0
            let deadline = ContinuousClock.now + .seconds(30)
            while found == 0, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(100))
                try? FileManager.default.removeItem(atPath: copy)  // The first time there is none.
                try FileManager.default.copyItem(atPath: path, toPath: copy)
                // Before the first checkpoint there is not even a table.
                found =
                    (try? await DatabaseQueue(path: copy).read {
                        try Int.fetchOne($0, sql: "SELECT count(*) FROM request")
                    }) ?? 0
            }
            #expect(found == 1)
            let own = try await store.pool.writeWithoutTransaction {
                try Int.fetchOne($0, sql: "PRAGMA wal_autocheckpoint")
            }
            #expect(own == SQLiteCheckpoints.longest)
        }
    }

    /// A checkpoint that is under way is waited for, and is no reason to say that something is left in the log.
    @Test func theLogIsCutWhenACheckpointIsOver() async throws {
        try await withSQLiteStore { store, path in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            let (begun, begin) = AsyncStream<Void>.makeStream()
            let end = DispatchSemaphore(value: 0)
            let checkpoints = try #require(store.database as? SQLiteDatabase).checkpoints
            DispatchQueue.global().async {
                checkpoints.pausing {
                    begin.yield()
                    end.wait()
                }
            }
            for await _ in begun { break }
            let isCut = Atomic(false)
            async let cut = {
                let answer = try await store.truncateLog()
                isCut.store(true, ordering: .sequentiallyConsistent)
                return answer
            }()
            // Nothing tells that something does not happen: so long it would have taken otherwise, many times over.
            try await Task.sleep(for: .milliseconds(200))
            let wasCut = isCut.load(ordering: .sequentiallyConsistent)
            #expect(!wasCut)
            end.signal()
            #expect(try await cut)
            #expect(try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int == 0)
        }
    }

    /// Where nothing carries it over beside the writer, the log goes no further than it may.
    @Test func theLogHasABound() async throws {
        try await withSQLiteStore { store, path in
            try await store.pool.writeWithoutTransaction { database in
                try database.execute(sql: "CREATE TABLE filling (text TEXT)")
            }
            let checkpoints = try SQLiteCheckpoints(of: path, beside: store.pool, longest: 50)
            for _ in 0..<500 {
                try await store.pool.write { database in
                    try database.execute(sql: "INSERT INTO filling VALUES (hex(randomblob(3000)))")
                }
            }
            let size = try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int
            #expect(try #require(size) < 4 * 50 * 4120)
            try checkpoints.end()
        }
    }

    /// A checkpoint that was due when the store was given up finds nothing to do.
    @Test func aStoreMayEndRightAfterACommit() async throws {
        try await withSQLiteStore { store, _ in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            let checkpoints = try #require(store.database as? SQLiteDatabase).checkpoints
            try store.end()
            // It would end the process.
            await withCheckedContinuation { ended in checkpoints.carryOver { ended.resume() } }
        }
    }

    @Test func onlyTheOwnerCanReadTheFiles() async throws {
        try await withSQLiteStore { store, path in
            try await store.checkWritable()
            for file in [path, path + "-wal"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: file)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
            }
        }
    }

    @Test func whatWasAcceptedIsThereAfterAnotherStart() async throws {
        try await withSQLiteStore { store, path in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            let second = try sqliteStore(path)
            #expect(try await second.request(request.id)?.submission == request.submission)
            #expect(try await second.outbox(after: 0, limit: 10).count == 1)
        }
    }

    @Test func twoProcessesOnOneFileAgreeOnDuplicates() async throws {
        try await withSQLiteStore { first, path in
            let second = try sqliteStore(path)
            let submission = Fixture.submission(providerRequestID: "R-1")
            let accepted = try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<40 {
                    let store = index.isMultiple(of: 2) ? first : second
                    group.addTask {
                        let request = Fixture.newRequest(submission: submission)
                        return try await store.accept(request, event: try Fixture.event(request)) == .accepted
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(accepted == 1)
        }
    }

    @Test func severalMayMakeTheSameFileAtOnce() async throws {
        try await withSQLiteStore { _, path in
            for round in 0..<5 {
                try await withThrowingTaskGroup { group in
                    for _ in 0..<4 {
                        group.addTask { try await sqliteStore("\(path)-\(round)").checkWritable() }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test func aFullDiskIsAnErrorAndNothingIsHalfWritten() async throws {
        try await withSQLiteStore { store, _ in
            try await fill(store)
            let request = Fixture.newRequest(
                submission: Fixture.submission(street: String(repeating: "x", count: 9000)))
            await #expect(throws: StoreError.self) {
                _ = try await store.accept(request, event: try Fixture.event(request))
            }
            #expect(try await store.request(request.id) == nil)
            #expect(try await store.outboxStatus().count == 0)
            // Room again: the store works on.
            try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
            #expect(try await store.accept(request, event: try Fixture.event(request)) == .accepted)
        }
    }

    /// Another process holds the write lock for as long as it likes.
    @Test func aLockedFileFailsAllThatWaitWithinOneWait() async throws {
        try await withSQLiteStore(busyTimeout: .milliseconds(300)) { store, path in
            let other = try otherConnection(path)
            try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
            let start = ContinuousClock.now
            let failures = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<12 {
                    group.addTask {
                        let request = Fixture.newRequest()
                        do {
                            _ = try await store.accept(request, event: try Fixture.event(request))
                            return false
                        } catch { return true }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            // Twelve waits one after the other would be 3.6 s.
            #expect(failures == 12 && start.duration(to: .now) < .milliseconds(1500))
            try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            let request = Fixture.newRequest()
            #expect(try await store.accept(request, event: try Fixture.event(request)) == .accepted)
        }
    }

    /// The check says no before requests are refused: it gives its own room back to them.
    @Test func aFullDiskIsNoticedByTheCheckFirst() async throws {
        try await withSQLiteStore { store, _ in
            for _ in 0..<3 { try await store.checkWritable() }
            try await fill(store)
            var isWritable = true
            var refused = 0
            for _ in 0..<200 where refused == 0 {
                do { try await store.checkWritable() } catch { isWritable = false }
                let request = Fixture.newRequest()
                do { _ = try await store.accept(request, event: try Fixture.event(request)) } catch { refused += 1 }
                #expect(refused == 0 || !isWritable, "requests are refused, and the check sees nothing")
            }
            #expect(refused == 1 && !isWritable)
            await #expect(throws: StoreError.self) { try await store.checkWritable() }
            try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
            try await store.checkWritable()
            let rows = try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM probe") }
            #expect(rows == 1)
        }
    }

    @Test func manyWhoAskForReadinessAreOneCheck() async throws {
        try await withSQLiteStore { base, _ in
            let faults = FaultyDatabase(base)
            let store = faults.store
            let clock = Mutex(ContinuousClock.now)
            let probe = StoreProbe(store: store, now: { clock.withLock { $0 } })
            #expect(await probe.problem() == nil)
            faults.fail(.write)
            #expect(await probe.problem() == nil, "what was known a moment ago")
            clock.withLock { $0 += .seconds(1) }
            #expect(await probe.problem() == "cannot write: store-unavailable: scripted")
            faults.fail(.write, times: 0)
            #expect(await probe.problem() != nil)
            clock.withLock { $0 += .seconds(1) }
            #expect(await probe.problem() == nil)
        }
    }

    @Test func ofLargeLettersListsHoldNothing() async throws {
        try await withSQLiteStore { store, _ in
            let body = Array(repeating: UInt8(ascii: "x"), count: 3_900_000)
            var received = EventMessage(headers: ["stack": .string(String(repeating: "é", count: 65_000))], body: body)
            for number in 0..<200 { received.headers["h\(number)"] = .int(1) }
            for number in 0..<5 {
                received.body[0] = UInt8(number)
                let dead = ReceivedMessage(message: received, exchange: Topology().dead, routingKey: "geocode")
                let letter = try #require(DeadLetter(dead)?.message(seenAt: Fixture.now))
                _ = try await store.apply(.dead(letter), to: nil)
            }
            let listed = try await store.deadLetters(DeadLetterFilter(), after: nil, limit: 100)
            #expect(listed.count == 5)
            #expect(listed.allSatisfy { $0.message.body.isEmpty && $0.message.headers.isEmpty })
            #expect(listed.allSatisfy { $0.message.bodyBytes == body.count && $0.message.bodySHA256?.count == 32 })
            let shown = try #require(try await store.deadLetters(listed[0].message.messageID).first)
            #expect(shown.message.body.count == DeadLetterRecord.longestBody)
            let headers = try OutboxHeaders.decode(shown.message.headers)
            #expect(headers["stack"]?.string?.hasSuffix("… (130000 bytes)") == true)
            #expect(headers.all.count == DeadLetterRecord.mostHeaders + 1)
            #expect(headers[DeadLetterRecord.leftOut]?.int == 137)
            let largest = try await store.pool.read { database in
                try Int.fetchOne(database, sql: "SELECT max(length(body) + length(headers)) FROM dead_letter") ?? 0
            }
            #expect(largest < 100_000)
        }
    }

    @Test func oneRowThatCannotBeReadTakesNoOthersWithIt() async throws {
        try await withSQLiteStore { store, _ in
            var ids: [RequestID] = []
            for second in 0..<5 {
                let request = Fixture.newRequest(at: Fixture.now + Double(second))
                _ = try await store.accept(request, event: try Fixture.event(request))
                ids.append(request.id)
            }
            let broken = "\(ids[2])"
            try await store.pool.write {
                try $0.execute(sql: "UPDATE request SET status = 'odd' WHERE id = ?", arguments: [broken])
            }
            let first = try await store.requests(of: "portal", before: nil, limit: 3)
            #expect(first.map(\.id) == [ids[4], ids[3], ids[1]])
            #expect(try await store.requests(of: "portal", before: ids[1], limit: 3).map(\.id) == [ids[0]])
            await #expect(throws: StoreError.self) { try await store.request(ids[2]) }
        }
    }

    @Test func aMissingDirectoryIsAnError() {
        #expect(throws: StoreError.self) { try sqliteStore("/nonexistent/intake.sqlite") }
    }

    @Test func errorsNameNoValues() async throws {
        try await withSQLiteStore { store, _ in
            try await fill(store)
            let request = Fixture.newRequest(
                submission: Fixture.submission(name: "Secret Name", street: String(repeating: "Elm Street", count: 900))
            )
            do {
                _ = try await store.accept(request, event: try Fixture.event(request))
                Issue.record("accepted on a full disk")
            } catch {
                #expect(!"\(error)".contains("Secret") && !"\(error)".contains("Elm"))
            }
        }
    }

    /// Lets the file grow no more.
    private func fill(_ store: RequestStore) async throws {
        try await store.pool.writeWithoutTransaction { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 1
            try database.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
    }
}
