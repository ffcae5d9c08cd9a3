import Foundation
import GRDB
import Logging

/// The file behind `AnswerCache`.
enum AnswerFile {
    /// Opens the file, or makes it. One that is damaged, or no database at all, is put aside under its name and
    /// `.damaged`: a path that was mistyped must not cost another program its file.
    /// - Throws: when there is no file to work with.
    static func open(_ path: String, largest: Int, logger: Logger) throws -> DatabaseQueue {
        do {
            return try database(path, largest: largest)
        } catch let error as DatabaseError where isDamage(error) {
            logger.warning(
                "The geocoders' cache is damaged and begins anew",
                metadata: ["path": "\(path)", "error": "SQLite \(error.extendedResultCode.rawValue)"])
            guard rename(path, "\(path).damaged") == 0 else {
                throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
            }
            // They belong to what was put aside, and are of no use without their main file.
            for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
            return try database(path, largest: largest)
        }
    }

    private static func isDamage(_ error: DatabaseError) -> Bool {
        [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
    }

    private static func database(_ path: String, largest: Int) throws -> DatabaseQueue {
        // SQLite gives its side files the permissions of the main one.
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        close(descriptor)
        var configuration = Configuration()
        configuration.label = "geocoder-cache"
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(1)
        let database = try DatabaseQueue(path: path, configuration: configuration)
        try database.writeWithoutTransaction { database in
            let pageSize = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
            try database.execute(sql: "PRAGMA max_page_count = \(max(16, largest / pageSize))")
            try database.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS answer (
                        address BLOB NOT NULL PRIMARY KEY,
                        expires REAL NOT NULL,
                        finding BLOB NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX IF NOT EXISTS answer_expires ON answer (expires);
                    """)
            // Another program's table of that name has other columns.
            _ = try Row.fetchOne(database, sql: "SELECT address, expires, finding FROM answer")
        }
        return database
    }
}
