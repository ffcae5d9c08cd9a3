import Dispatch
import Foundation
import GRDB
import Synchronization

/// Carries what is committed over from the log (WAL) into the database file, beside the connection that writes.
///
/// Left to itself SQLite does that within a commit whenever the log has a thousand pages, and whoever waits for that
/// commit waits some 5 to 15 ms longer. Here a connection of its own does it while the writer goes on
/// (https://www.sqlite.org/wal.html, sections 2.1 and 2.3). The log starts anew when the writer finds all of it carried
/// over; under a load that leaves no such moment it grows up to `longest`, and then the writer carries the rest over.
final class SQLiteCheckpoints: Sendable {
    /// Pages of 4 KiB that the log has at most before the writer carries it over.
    static let longest = 8000
    /// Between a commit and the checkpoint that it is for; the commits until then are for free.
    private static let delay = 0.5

    private let connection: DatabaseQueue
    private let isDue = Atomic(false)
    /// Held while one is under way: of two at a time SQLite refuses one.
    private let turn = NSLock()

    /// - Parameter writer: makes none itself from now on, unless the log is at its longest.
    /// - Throws: when the file cannot be opened.
    init(of path: String, beside writer: DatabasePool, longest: Int = longest) throws {
        var configuration = Configuration()
        configuration.label = "checkpoints"
        connection = try DatabaseQueue(path: path, configuration: configuration)
        try writer.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_autocheckpoint = \(longest)") }
    }

    /// Something was committed. Returns at once.
    func committed() {
        guard isDue.compareExchange(expected: false, desired: true, ordering: .sequentiallyConsistent).exchanged else {
            return
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.delay) { [weak self] in self?.carryOver() }
    }

    /// Begins to carry over what is in the log. Returns at once.
    /// - Parameter ended: called when that is done, or cannot be.
    func carryOver(ended: @escaping @Sendable () -> Void = {}) {
        connection.asyncWriteWithoutTransaction { database in
            defer { ended() }
            self.isDue.store(false, ordering: .sequentiallyConsistent)
            // `end` may have been called meanwhile.
            guard database.sqliteConnection != nil else { return }
            // Why one fails does not matter: the next commit has another follow, and in the end the writer makes it.
            self.pausing { _ = try? database.checkpoint(.passive) }
        }
    }

    /// Runs `body` while none is under way; waits for one that is, some milliseconds.
    func pausing<Result>(_ body: () throws -> Result) rethrows -> Result {
        try turn.withLock(body)
    }

    func end() throws { try connection.close() }
}
