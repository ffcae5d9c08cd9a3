import Foundation
import GRDB

extension SQLiteRequestStore {
    /// The schema, one migration per change, each of which runs once and never changes after its release.
    ///
    /// Times are milliseconds since 1970. Everything personal is in `request`; the one exception is the street in the
    /// body of an event that is not published yet, in `outbox`.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 requests") { database in
            try database.execute(sql: request)
            try database.execute(sql: outbox)
            try database.execute(sql: stageTrouble)
            try database.execute(sql: probe)
        }
        return migrator
    }

    /// The id is a UUIDv7, so that the order of ids is the order of acceptance and new rows go to the end. Each fact of
    /// the pipeline fills columns of its own.
    private static let request = """
        CREATE TABLE request (
            id TEXT NOT NULL PRIMARY KEY,
            provider TEXT NOT NULL,
            provider_request_id TEXT NOT NULL,
            organization TEXT NOT NULL,
            accepted_at INTEGER NOT NULL,
            name TEXT NOT NULL,
            street TEXT NOT NULL,
            city TEXT NOT NULL,
            state TEXT NOT NULL,
            zip TEXT NOT NULL,
            phone TEXT NOT NULL,
            email TEXT NOT NULL,
            provider_data TEXT,
            geocoded_at INTEGER,
            latitude REAL,
            longitude REAL,
            precision TEXT,
            location_source TEXT,
            no_location_reason TEXT,
            county_fips TEXT,
            county TEXT,
            conflict_kilometres REAL,
            conflict_state TEXT,
            has_conflict INTEGER NOT NULL DEFAULT 0,
            decided_at INTEGER,
            acceptance INTEGER,
            decision_reason TEXT,
            decision_rule TEXT,
            coverage_version TEXT,
            told_at INTEGER,
            told_acceptance INTEGER,
            told_status INTEGER,
            told_attempt INTEGER,
            UNIQUE (provider, provider_request_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX request_by_provider ON request (provider, id);
        """

    /// AUTOINCREMENT, since a number that is used again could be taken for the entry that had it before.
    private static let outbox = """
        CREATE TABLE outbox (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            created_at INTEGER NOT NULL,
            headers BLOB NOT NULL,
            body BLOB NOT NULL
        ) STRICT;
        """

    /// Most requests never have a row here.
    private static let stageTrouble = """
        CREATE TABLE stage_trouble (
            request_id TEXT NOT NULL,
            stage TEXT NOT NULL,
            retry_at INTEGER,
            retry_attempt INTEGER,
            retry_of INTEGER,
            retry_next_at INTEGER,
            retry_code TEXT,
            retry_message TEXT,
            dead_at INTEGER,
            dead_reason TEXT,
            dead_code TEXT,
            dead_message TEXT,
            PRIMARY KEY (request_id, stage)
        ) STRICT, WITHOUT ROWID;
        """

    /// One row, written to find out whether writing works.
    private static let probe = """
        CREATE TABLE probe (at INTEGER NOT NULL) STRICT;
        INSERT INTO probe (at) VALUES (0);
        """

    /// Makes an empty file that only its owner can read, where there is none: SQLite would make it readable by all. The
    /// WAL beside it takes its permissions over.
    static func createPrivateFile(_ path: String) throws(StoreError) {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw StoreError(code: .unavailable, detail: "cannot create the file") }
    }
}
