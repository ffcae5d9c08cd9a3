import Contracts
import Foundation
import GRDB

/// A provider whose callbacks an operator has paused.
struct CallbackPause: Sendable, Equatable {
    var provider: String
    var since: Date
    var by: String
    var why: String?
}

/// Pauses are on disk: they outlast the process, and all processes on the file keep them.
extension CallbackState {
    /// Blocks: for start-up.
    func pausesAtStart() throws(Failure) -> [String: CallbackPause] {
        do { return try database.read(Self.pauses) } catch { throw Failure(error) }
    }

    func pauses() async throws(Failure) -> [String: CallbackPause] { try await access(Self.pauses) }

    /// The first pause stays as it is, until it is over.
    func pause(_ pause: CallbackPause) async throws(Failure) {
        try await access { database in
            try database.execute(
                sql: "INSERT INTO pause (provider, since, by, why) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                arguments: [pause.provider, pause.since.timeIntervalSince1970, pause.by, pause.why])
        }
    }

    func resume(_ provider: String) async throws(Failure) {
        try await access { database in
            try database.execute(sql: "DELETE FROM pause WHERE provider = ?", arguments: [provider])
        }
    }

    private static func pauses(_ database: Database) throws -> [String: CallbackPause] {
        let rows = try Row.fetchAll(database, sql: "SELECT provider, since, by, why FROM pause")
        let all = rows.map { row in
            CallbackPause(
                provider: row["provider"], since: Date(timeIntervalSince1970: row["since"]), by: row["by"],
                why: row["why"])
        }
        return Dictionary(all.map { ($0.provider, $0) }) { first, _ in first }
    }
}
