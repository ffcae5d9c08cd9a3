import Contracts
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import CallbackService

@Suite struct CallbackStateTests {
    private let request = RequestID(UUID())

    @Test func theGreatestNumberStays() async throws {
        let directory = try TestDirectory.make("newest")
        let newest = try CallbackState(path: "\(directory)/state.sqlite")
        #expect(try await newest.newest(of: request) == nil)
        #expect(try await newest.take(3, of: request) == 3)
        #expect(try await newest.take(2, of: request) == 3)
        #expect(try await newest.take(3, of: request) == 3)
        #expect(try await newest.take(4, of: request) == 4)
        #expect(try await newest.newest(of: request) == 4)
        #expect(try await newest.newest(of: RequestID(UUID())) == nil)
    }

    @Test func itIsThereAfterARestartAndForAnotherProcess() async throws {
        let directory = try TestDirectory.make("newest")
        let path = "\(directory)/state.sqlite"
        let first = try CallbackState(path: path)
        _ = try await first.take(2, of: request)
        let second = try CallbackState(path: path)
        #expect(try await second.newest(of: request) == 2)
        _ = try await second.take(5, of: request)
        #expect(try await first.take(3, of: request) == 5)
    }

    @Test func oneThatANewerProgramHasChangedIsRefused() async throws {
        let path = "\(try TestDirectory.make("newest"))/state.sqlite"
        try await CallbackState(path: path).access {
            try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('99')")
        }
        let error = #expect(throws: CallbackState.Failure.self) { _ = try CallbackState(path: path) }
        #expect(error?.detail == "its schema is newer than this program")
    }

    @Test func rowsGoAfterTheirTime() async throws {
        let directory = try TestDirectory.make("newest")
        let path = "\(directory)/state.sqlite"
        let start = Date(timeIntervalSince1970: 1_800_000_000)
        let newest = try CallbackState(path: path, now: { start })
        _ = try await newest.take(2, of: request)
        let later = try CallbackState(path: path, now: { start + 6 * 86400 })
        #expect(try await later.newest(of: request) == 2)
        let muchLater = try CallbackState(path: path, now: { start + 8 * 86400 })
        #expect(try await muchLater.newest(of: request) == nil)
    }

    @Test func rowsGoWhileTheProcessRunsToo() async throws {
        let directory = try TestDirectory.make("newest")
        let time = Mutex(Date(timeIntervalSince1970: 1_800_000_000))
        let newest = try CallbackState(path: "\(directory)/state.sqlite", now: { time.withLock { $0 } })
        _ = try await newest.take(2, of: request)
        time.withLock { $0 += 8 * 86400 }
        _ = try await newest.take(2, of: RequestID(UUID()))
        #expect(try await newest.newest(of: request) == nil)
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
