import Contracts
import Foundation
import Glibc
import PostgreSQL
import Synchronization
import TestSupport
import Testing

@testable import IngestService

/// PostgreSQL that dies, hangs, refuses and lies in wait.
@Suite(.serialized, .enabled(if: PostgresServer.isInstalled), .timeLimit(.minutes(5)))
struct PostgresFaultTests {
    /// Whether each request was accepted.
    private final class Answers: Sendable {
        let isOver = Atomic(false)
        private let state = Mutex<[RequestID: Bool]>([:])
        var all: [RequestID: Bool] { state.withLock { $0 } }
        func add(_ id: RequestID, _ isAccepted: Bool) { state.withLock { $0[id] = isAccepted } }
    }

    /// Nothing that was answered as written is missing, nothing is there twice or in half, and what was not answered so
    /// is not there.
    @Test func aServerKilledInTheMiddleOfCommitsLosesNothing() async throws {
        let server = try await PostgresServer.start()
        try await server.run("CREATE DATABASE killed")
        let store = try await postgresStore(server.url("killed"))
        let handedOver = APIHarness.HandedOver()
        let followed = handedOver.follow(store)
        let answers = Answers()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    while !answers.isOver.load(ordering: .relaxed) {
                        let request = Fixture.newRequest()
                        do {
                            let acceptance = try await followed.accept(request, event: try Fixture.event(request))
                            #expect(acceptance == .accepted)
                            answers.add(request.id, true)
                        } catch let error as StoreError {
                            #expect(error.code == .unavailable)
                            answers.add(request.id, false)
                        }
                    }
                }
            }
            for round in 1...4 {
                try await eventually("requests are accepted") {
                    answers.all.values.count { $0 } > round * 300
                }
                try await server.crash()
                try await server.restart()
            }
            answers.isOver.store(true, ordering: .relaxed)
            try await group.waitForAll()
        }
        let there = try await store.read { transaction in
            try transaction.rows("SELECT id FROM request JOIN person USING (number)") { try $0["id"] as RequestID }
        }
        let published = try await store.outboxEntries().compactMap(\.message.requestID)
        let told = answers.all
        print("killed four times: \(told.values.count { $0 }) accepted, \(told.values.count { !$0 }) refused")
        #expect(Set(there) == Set(told.filter(\.value).keys))
        #expect(published.count == there.count && Set(published) == Set(there))
        #expect(Set(handedOver.entries.compactMap(\.message.requestID)) == Set(there))
        #expect(handedOver.entries.count == there.count)
    }

    /// The answer to a commit is lost on its way: what became of it is looked up.
    @Test(arguments: [PostgresProxy.Fault.answer, .question])
    func aLostCommitIsLookedUp(_ fault: PostgresProxy.Fault) async throws {
        try await withProxy { proxy, store in
            let handedOver = APIHarness.HandedOver()
            let followed = handedOver.follow(store)
            try await store.checkWritable()
            for round in 1...3 {
                let request = Fixture.newRequest()
                proxy.arm(fault)
                #expect(try await followed.accept(request, event: try Fixture.event(request)) == .accepted)
                #expect(proxy.count == round)
                #expect(try await store.request(request.id)?.submission == request.submission)
                #expect(handedOver.entries.count == round)
            }
            #expect(try await store.outboxEntries() == handedOver.entries)
        }
    }

    /// A transaction that its client has given up comes to the server after all, when a new one has taken its place.
    @Test func whatComesTooLateIsNotWritten() async throws {
        try await withProxy { proxy, store in
            try await store.checkWritable()
            proxy.arm(.lateQuestion)
            // Nothing of it is answered before the commit, so that all of it comes late.
            try await store.note(AuditEntry(at: Fixture.now, person: "once", action: .noted))
            #expect(proxy.count == 1)
            proxy.release()
            try await store.note(AuditEntry(at: Fixture.now, person: "next", action: .noted))
            #expect(try await store.audit(AuditFilter(), before: nil, limit: 10).map(\.person) == ["next", "once"])
        }
    }

    /// A server that hangs is waited for as long as answers may take, and no longer.
    @Test func aServerThatHangsIsAnError() async throws {
        let server = try await PostgresServer.start()
        try await server.run("CREATE DATABASE hangs")
        var limits = PostgresLimits()
        limits.answer = .seconds(1)
        limits.patience = .milliseconds(100)
        limits.resolution = .milliseconds(100)
        let store = try await postgresStore(server.url("hangs", more: "&connect_timeout=2"), limits: limits)
        try await store.checkWritable()
        await server.freeze(true)
        let request = Fixture.newRequest()
        let start = ContinuousClock.now
        await #expect(throws: StoreError.self) {
            _ = try await store.accept(request, event: try Fixture.event(request))
        }
        #expect(start.duration(to: .now) < .seconds(20))
        await server.freeze(false)
        try await eventually("the store works again") { (try? await store.checkWritable()) != nil }
        #expect(try await store.accept(request, event: try Fixture.event(request)) == .accepted)
    }

    @Test func aServerThatTurnsReadOnlyIsAnErrorUntilItWrites() async throws {
        try await withPostgresStore(limits: PostgresLimits(patience: .milliseconds(300))) { store, url in
            let server = try await PostgresServer.shared()
            let name = try #require(url.split(separator: "?").first?.split(separator: "/").last)
            try await store.checkWritable()
            try await server.run("ALTER DATABASE \(name) SET default_transaction_read_only = on")
            try await server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(name)'")
            let request = Fixture.newRequest()
            let error = await #expect(throws: StoreError.self) {
                _ = try await store.accept(request, event: try Fixture.event(request))
            }
            #expect(error?.code == .unavailable && error?.detail.contains("25006") == true)
            #expect(try await store.request(request.id) == nil)
            await #expect(throws: StoreError.self) { _ = try await postgresStore(url) }
            try await server.run("ALTER DATABASE \(name) RESET default_transaction_read_only")
            #expect(try await store.accept(request, event: try Fixture.event(request)) == .accepted)
        }
    }

    @Test func aConnectionThatWasEndedIsReplaced() async throws {
        try await withPostgresStore { store, url in
            let server = try await PostgresServer.shared()
            let name = try #require(url.split(separator: "?").first?.split(separator: "/").last)
            for _ in 0..<3 {
                let request = Fixture.newRequest()
                #expect(try await store.accept(request, event: try Fixture.event(request)) == .accepted)
                #expect(try await store.request(request.id) != nil)
                try await server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(name)'")
            }
        }
    }

    /// A schema that grows under a running process changes what its statements answer.
    @Test func aColumnThatComesIsNoTrouble() async throws {
        try await withPostgresStore { store, url in
            let server = try await PostgresServer.shared()
            let name = try #require(url.split(separator: "?").first?.split(separator: "/").last)
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            #expect(try await store.request(request.id) != nil)
            let change = StatusChange(step: .assigned, note: nil, at: Fixture.now, traceParent: Fixture.traceParent)
            _ = try await store.apply(Fixture.decided(), to: request.id)
            _ = try await store.changeStatus(of: Fixture.id(), within: "relief-org", change)
            try await server.run("ALTER TABLE request ADD COLUMN later TEXT", in: String(name))
            #expect(try await store.request(request.id)?.submission == request.submission)
            guard case .changed = try await store.changeStatus(of: request.id, within: "relief-org", change) else {
                Issue.record("not changed")
                return
            }
        }
    }

    @Test func aFullDiskIsAnErrorAndNothingIsHalfWritten() async throws {
        let directory = try TestDirectory.makeReachable("small")
        let owner = "mode=0700,uid=\(getpwnam("postgres")?.pointee.pw_uid ?? geteuid())"
        guard mount("tmpfs", directory, "tmpfs", 0, "size=8m,\(owner)") == 0 else {
            print("A small disk cannot be mounted: a full one is not tested with PostgreSQL.")
            return
        }
        defer { umount2(directory, Int32(MNT_DETACH)) }
        let server = try await PostgresServer.start(["fsync=off"])
        try await server.run("CREATE TABLESPACE small LOCATION '\(directory)'")
        try await server.run("CREATE DATABASE small TABLESPACE small")
        let store = try await postgresStore(server.url("small"))
        var refused: RequestID?
        for _ in 0..<3000 where refused == nil {
            // What does not compress.
            let street = (0..<30).map { _ in UUID().uuidString }.joined()
            let request = Fixture.newRequest(submission: Fixture.submission(street: street))
            do { _ = try await store.accept(request, event: try Fixture.event(request)) } catch {
                #expect("\(error)".contains("53100") && !"\(error)".contains("Ada"))
                refused = request.id
            }
        }
        let lost = try #require(refused)
        #expect(try await store.request(lost) == nil)
        await #expect(throws: StoreError.self) { try await store.checkWritable() }
        let counts: [Int?] = try await store.read { transaction in
            try ["request", "person", "outbox"].map { try transaction.value("SELECT count(*) FROM \($0)") }
        }
        #expect(Set(counts).count == 1)
        // Room again.
        #expect(mount("tmpfs", directory, "tmpfs", UInt(MS_REMOUNT), "size=200m,\(owner)") == 0)
        let request = Fixture.newRequest()
        #expect(try await store.accept(request, event: try Fixture.event(request)) == .accepted)
        try await server.crash()
    }

    // MARK: Several processes

    @Test func whatAProcessLeavesIsTakenByOneOther() async throws {
        try await withPostgresStore { store, url in
            var gone: RequestStore? = try await postgresStore(url)
            var ids: Set<RequestID> = []
            for _ in 0..<20 {
                let request = Fixture.newRequest()
                _ = try await gone?.accept(request, event: try Fixture.event(request))
                ids.insert(request.id)
            }
            let other = try await postgresStore(url)
            // It is there: heard of long ago, but connected; connected no more, but heard of just now.
            #expect(try await store.takeOverOutbox(after: .zero, .seconds(60), limit: 100).isEmpty)
            gone = nil
            #expect(try await store.takeOverOutbox(after: .seconds(60), .seconds(60), limit: 100).isEmpty)
            #expect(try await store.outboxEntries().isEmpty)
            try await eventually("its connection is gone") {
                let count: Int? = try await store.read {
                    try $0.value("SELECT count(*) FROM writer WHERE \(PostgresWriter.isConnected)")
                }
                return count == 1
            }
            let taken = try await withThrowingTaskGroup(of: [OutboxEntry].self) { group in
                for number in 0..<20 {
                    let taker = number.isMultiple(of: 2) ? store : other
                    group.addTask { try await taker.takeOverOutbox(after: .zero, .seconds(60), limit: 3) }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(taken.count == 20 && Set(taken.compactMap(\.message.requestID)) == ids)
            let own = [try await store.outboxEntries(), try await other.outboxEntries()]
            #expect(own[0].count + own[1].count == 20)
            try await store.removeFromOutbox(own[0].map(\.sequence))
            #expect(try await other.outboxStatus().count == own[1].count)
        }
    }

    /// It hangs: its connection is there, and nothing is heard of it.
    @Test func whatAProcessThatHangsHasIsTakenLater() async throws {
        try await withPostgresStore { store, url in
            let hanging = try await postgresStore(url)
            let request = Fixture.newRequest()
            _ = try await hanging.accept(request, event: try Fixture.event(request))
            #expect(try await store.takeOverOutbox(after: .zero, .seconds(60), limit: 100).isEmpty)
            #expect(try await store.takeOverOutbox(after: .zero, .zero, limit: 100).count == 1)
            #expect(try await hanging.outboxEntries().isEmpty)
        }
    }

    /// Each of two steps sees what the other one has made of the request, in whichever process it is.
    @Test func whoReadsAndWritesTakesTurnsWithOthers() async throws {
        try await withPostgresStore { store, url in
            let other = try await postgresStore(url)
            for _ in 0..<20 {
                let request = Fixture.newRequest()
                _ = try await store.accept(request, event: try Fixture.event(request))
                _ = try await store.apply(Fixture.decided(), to: request.id)
                let change = StatusChange(step: .assigned, note: nil, at: Fixture.now, traceParent: Fixture.traceParent)
                async let first = store.changeStatus(of: request.id, within: "relief-org", change)
                async let second = other.changeStatus(of: request.id, within: "relief-org", change)
                let changed = try await [first, second].count { if case .changed = $0 { true } else { false } }
                #expect(changed == 1)
            }
        }
    }

    @Test func aLeaseIsOneProcesssUntilItEnds() async throws {
        try await withPostgresStore { store, url in
            let other = try await postgresStore(url)
            let leases = [store, other].map { StoreLease("work", of: $0, duration: .milliseconds(400)) }
            #expect(try await leases[0].isHeld())
            #expect(try await !leases[1].isHeld())
            #expect(try await leases[0].isHeld())
            try await eventually("the lease ends") { try await leases[1].isHeld() }
            #expect(try await StoreLease("other work", of: store).isHeld())
        }
    }

    @Test func underOneKeyOnlyOneIsAcceptedByWhicheverProcess() async throws {
        try await withPostgresStore { store, url in
            let other = try await postgresStore(url)
            for round in 0..<20 {
                let key = IdempotencyKey(digest: Array("key \(round)".utf8))
                let accepted = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<8 {
                        let store = number.isMultiple(of: 2) ? store : other
                        group.addTask {
                            let request = Fixture.newRequest()
                            let claim = IdempotencyClaim(key: key, submission: request.submission)
                            return try await store.accept(request, event: try Fixture.event(request), claim: claim)
                                == .accepted
                        }
                    }
                    return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(accepted == 1)
            }
        }
    }

    // MARK: At the start

    @Test func aNewerSchemaIsRefused() async throws {
        try await withPostgresStore { store, url in
            try await store.write {
                try $0.execute("INSERT INTO schema_version (version, applied_at) VALUES (99, now())", [])
            }
            let error = await #expect(throws: StoreError.self) { _ = try await postgresStore(url) }
            #expect(
                error?.detail
                    == "its schema is version 99, newer than this program, which knows \(PostgresSchema.version)")
        }
    }

    @Test func aWrongPasswordIsRefused() async throws {
        let server = try await PostgresServer.start(["fsync=off"])
        try await server.run("CREATE ROLE guarded LOGIN SUPERUSER PASSWORD 'right'")
        try await server.admit("local all guarded scram-sha-256")
        for (password, isRight) in [("wrong", false), ("right", true)] {
            let url = server.url("postgres", user: "guarded:\(password)")
            do {
                try await postgresStore(url).checkWritable()
                #expect(isRight)
            } catch {
                #expect(!isRight && "\(error)".contains("password authentication failed"))
                #expect(!"\(error)".contains("wrong"))
            }
        }
    }

    @Test(arguments: [
        "postgresql://127.0.0.1:1/x", "postgresql:///x?host=/nonexistent", "postgresql://nowhere.invalid/x",
    ])
    func aServerThatIsNotThereIsAnError(_ url: String) async {
        let error = await #expect(throws: StoreError.self) { _ = try await postgresStore(url) }
        #expect(error?.code == .unavailable && error?.detail.contains("\n") == false)
    }

    private func withProxy(_ body: (PostgresProxy, RequestStore) async throws -> Void) async throws {
        try await withPostgresStore { _, url in
            let parts = try #require(url.wholeMatch(of: /(.*)host=(.*)/))
            let proxy = try PostgresProxy(String(parts.2))
            try await body(proxy, try await postgresStore("\(parts.1)host=\(proxy.directory)"))
            proxy.close()
        }
    }
}
