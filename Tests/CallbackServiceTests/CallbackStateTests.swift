import Contracts
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import CallbackService

/// What a state promises, whatever keeps it.
@Suite(.timeLimit(.minutes(2))) struct CallbackStateTests {
    private let request = RequestID(UUID())

    @Test(arguments: StateDriver.allCases)
    func theGreatestNumberStays(_ driver: StateDriver) async throws {
        try await driver.withPlace { place in
            let newest = try await place.state()
            #expect(try await newest.newest(of: request) == nil)
            #expect(try await newest.take(3, of: request) == 3)
            #expect(try await newest.take(2, of: request) == 3)
            #expect(try await newest.take(3, of: request) == 3)
            #expect(try await newest.take(4, of: request) == 4)
            #expect(try await newest.newest(of: request) == 4)
            #expect(try await newest.newest(of: RequestID(UUID())) == nil)
        }
    }

    @Test(arguments: StateDriver.allCases)
    func itIsThereAfterARestartAndForAnotherProcess(_ driver: StateDriver) async throws {
        try await driver.withPlace { place in
            let first = try await place.state()
            _ = try await first.take(2, of: request)
            let second = try await place.state()
            #expect(try await second.newest(of: request) == 2)
            _ = try await second.take(5, of: request)
            #expect(try await first.take(3, of: request) == 5)
        }
    }

    /// Of steps that several processes take in hand at the same moment all learn of the greatest that was before them,
    /// and it is the greatest that stays.
    @Test(arguments: StateDriver.allCases)
    func processesThatTakeAtOnceAgree(_ driver: StateDriver) async throws {
        try await driver.withPlace { place in
            let states = [try await place.state(), try await place.state(), try await place.state()]
            let requests = (0..<20).map { _ in RequestID(UUID()) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for request in requests {
                    for sequence in (2...7).shuffled() {
                        let state = states[sequence % states.count]
                        group.addTask {
                            let newest = try await state.take(sequence, of: request)
                            #expect(newest >= sequence)
                        }
                    }
                }
                try await group.waitForAll()
            }
            for request in requests { #expect(try await states[0].newest(of: request) == 7) }
        }
    }

    @Test(arguments: StateDriver.allCases)
    func oneThatANewerProgramHasChangedIsRefused(_ driver: StateDriver) async throws {
        try await driver.withPlace { place in
            _ = try await place.state()
            try await place.makeNewer()
            let error = await #expect(throws: CallbackState.Failure.self) { _ = try await place.state() }
            switch driver {
            case .sqlite: #expect(error?.detail == "its schema is newer than this program")
            case .postgres:
                #expect(error?.detail == "its schema is version 99, newer than this program, which knows 1")
            }
        }
    }

    @Test(arguments: StateDriver.allCases)
    func rowsGoAfterTheirTime(_ driver: StateDriver) async throws {
        try await driver.withPlace { place in
            let start = Date(timeIntervalSince1970: 1_800_000_000)
            let newest = try await place.state(now: { start })
            _ = try await newest.take(2, of: request)
            let later = try await place.state(now: { start + 6 * 86400 })
            #expect(try await later.newest(of: request) == 2)
            let muchLater = try await place.state(now: { start + 8 * 86400 })
            #expect(try await muchLater.newest(of: request) == nil)
        }
    }

    @Test(arguments: StateDriver.allCases)
    func rowsGoWhileTheProcessRunsToo(_ driver: StateDriver) async throws {
        try await driver.withPlace { place in
            let time = Mutex(Date(timeIntervalSince1970: 1_800_000_000))
            let newest = try await place.state(now: { time.withLock { $0 } })
            _ = try await newest.take(2, of: request)
            time.withLock { $0 += 8 * 86400 }
            _ = try await newest.take(2, of: RequestID(UUID()))
            #expect(try await newest.newest(of: request) == nil)
        }
    }

    @Test(arguments: StateDriver.allCases)
    func whoWasToldOfTroubleIsKnownToAll(_ driver: StateDriver) async throws {
        try await driver.withPlace { place in
            let (first, second) = (try await place.state(), try await place.state())
            try await first.rememberDegraded("portal", toldTo: "pager")
            try await second.rememberDegraded("portal", toldTo: "pager")
            #expect(try await second.isDegraded("portal", toldTo: "pager"))
            #expect(try await !second.isDegraded("portal", toldTo: "other"))
            #expect(try await !second.isDegraded("other", toldTo: "pager"))
            try await second.forgetDegraded("portal", toldTo: "pager")
            #expect(try await !first.isDegraded("portal", toldTo: "pager"))
        }
    }

    @Test(arguments: StateDriver.allCases)
    func theFirstPauseStaysUntilItIsOver(_ driver: StateDriver) async throws {
        try await driver.withPlace { place in
            let (first, second) = (try await place.state(), try await place.state())
            let since = Date(timeIntervalSince1970: 1_800_000_000.25)
            let pause = CallbackPause(provider: "pörtal", since: since, by: "Olu", why: "they move; don't ask")
            let other = CallbackPause(provider: "other", since: since, by: "Eve", why: nil)
            try await first.pause(pause)
            try await second.pause(CallbackPause(provider: "pörtal", since: since + 5, by: "Eve", why: nil))
            try await second.pause(other)
            #expect(try await first.pauses() == ["pörtal": pause, "other": other])
            try await first.resume("pörtal")
            #expect(try await second.pauses() == ["other": other])
        }
    }

    @Test func theFileIsItsOwnersAlone() async throws {
        let directory = try TestDirectory.make("newest")
        let path = "\(directory)/state.sqlite"
        let newest = try CallbackState(path: path)
        _ = try await newest.take(2, of: request)
        for name in ["state.sqlite", "state.sqlite-wal"] {
            let mode = try FileManager.default.attributesOfItem(atPath: "\(directory)/\(name)")[.posixPermissions]
            #expect(mode as? Int == 0o600)
        }
    }

    @Test func aFileThatCannotBeUsedIsNamedAtOnce() async throws {
        let directory = try TestDirectory.make("newest")
        #expect(throws: CallbackState.Failure.self) {
            try CallbackState(path: "\(directory)/none/state.sqlite")
        }
        #expect(throws: CallbackState.Failure.self) { try CallbackState(path: "\(directory)/") }
        let path = "\(directory)/text.sqlite"
        try String(repeating: "no database ", count: 1000).write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: CallbackState.Failure.self) { try CallbackState(path: path) }
    }
}

/// A file as another process has it open.
struct SQLiteFile {
    private let database: DatabaseQueue

    init(_ path: String) throws { database = try DatabaseQueue(path: path) }

    func execute(_ sql: String) throws { try database.write { try $0.execute(sql: sql) } }
}
