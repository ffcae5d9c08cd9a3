import Contracts
import Foundation
import GRDB
import ServiceRuntime

/// Signing secrets that took the place of the file's. They are kept as they are, since they sign.
extension CallbackState {
    /// Blocks: for start-up.
    func rotationsAtStart() throws(Failure) -> [SecretRotation] {
        do { return try database.read(Self.rotations) } catch { throw Failure(error) }
    }

    func rotations() async throws(Failure) -> [SecretRotation] { try await access(Self.rotations) }

    /// - Parameter ended: those that sign no more, and need not be known any longer.
    func rotate(_ rotation: SecretRotation, forgetting ended: [SecretRotation]) async throws(Failure) {
        try await access { database in
            try database.inTransaction(.immediate) {
                for old in ended {
                    try database.execute(
                        sql: "DELETE FROM secret WHERE provider = ? AND secret = ?",
                        arguments: [old.provider, old.secret.text.revealed])
                }
                try database.execute(
                    sql: """
                        INSERT INTO secret (provider, secret, since, by, overlap_end, replaced) VALUES (?, ?, ?, ?, ?, ?)
                        ON CONFLICT (provider, secret) DO UPDATE
                        SET since = excluded.since, by = excluded.by, overlap_end = excluded.overlap_end,
                            replaced = excluded.replaced
                        """,
                    arguments: [
                        rotation.provider, rotation.secret.text.revealed, rotation.since.timeIntervalSince1970,
                        rotation.by, rotation.overlapEnd.timeIntervalSince1970,
                        rotation.replaced.joined(separator: " "),
                    ])
                return .commit
            }
        }
    }

    private static func rotations(_ database: Database) throws -> [SecretRotation] {
        try Row.fetchAll(database, sql: "SELECT provider, secret, since, by, overlap_end, replaced FROM secret").map {
            let text: String = $0["secret"]
            let replaced: String = $0["replaced"]
            let secret: SigningSecret
            // What is wrong with one that somebody else has written there: no value of it is said.
            do { secret = try SigningSecret(text) } catch { throw Failure(detail: "a secret in it \(error)") }
            return SecretRotation(
                provider: $0["provider"], secret: secret, since: Date(timeIntervalSince1970: $0["since"]),
                by: $0["by"], overlapEnd: Date(timeIntervalSince1970: $0["overlap_end"]),
                replaced: replaced.split(separator: " ").map(String.init))
        }
    }
}
