import Foundation
import GRDB

extension SQLiteRequestStore {
    /// The schema, one migration per change, each of which runs once and never changes after its release.
    ///
    /// Times are milliseconds since 1970. Everything personal is in `person`; the exceptions are the street in the body of an
    /// event that is not published yet, in `outbox`, or that its stage gave up, in `dead_letter`, and what the staff of an
    /// organisation wrote about a step of theirs, in `timeline`.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 requests") { database in
            try database.execute(sql: request)
            try database.execute(sql: outbox)
            try database.execute(sql: stageTrouble)
            try database.execute(sql: probe)
        }
        migrator.registerMigration("2 dead letters") { database in
            try database.execute(sql: deadLetter)
            try database.execute(sql: troubleResolution)
            try database.execute(sql: untold)
        }
        registerIdempotencyKeys(in: &migrator)
        registerSettled(in: &migrator)
        registerReviews(in: &migrator)
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

    /// What stages gave up. The columns of the death and those of what an operator did about it are filled each on their
    /// own: either may come first. The body of what the geocode stage gave up holds a street.
    private static let deadLetter = """
        CREATE TABLE dead_letter (
            stage TEXT NOT NULL,
            message_id TEXT NOT NULL,
            request_id TEXT,
            died_at INTEGER,
            reason TEXT,
            code TEXT,
            message TEXT,
            attempts INTEGER,
            first_failed_at INTEGER,
            host TEXT,
            version TEXT,
            headers BLOB,
            body BLOB,
            resolution TEXT,
            resolved_death_at INTEGER,
            resolved_at INTEGER,
            resolved_by TEXT,
            why TEXT,
            PRIMARY KEY (stage, message_id)
        ) STRICT;
        CREATE INDEX dead_letter_by_time ON dead_letter (died_at, stage, message_id);
        CREATE INDEX dead_letter_by_message ON dead_letter (message_id);
        CREATE INDEX dead_letter_by_request ON dead_letter (request_id);
        """

    private static let troubleResolution = """
        ALTER TABLE stage_trouble ADD COLUMN resolution TEXT;
        ALTER TABLE stage_trouble ADD COLUMN resolved_death_at INTEGER;
        ALTER TABLE stage_trouble ADD COLUMN resolved_at INTEGER;
        ALTER TABLE stage_trouble ADD COLUMN resolved_by TEXT;
        ALTER TABLE stage_trouble ADD COLUMN why TEXT;
        """

    /// What is under way is few among all that ever was.
    private static let untold = """
        CREATE INDEX request_untold ON request (id, provider) WHERE told_at IS NULL;
        """

    /// Makes an empty file that only its owner can read, where there is none: SQLite would make it readable by all. The
    /// WAL beside it takes its permissions over.
    static func createPrivateFile(_ path: String) throws(StoreError) {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR)
        guard descriptor >= 0 else {
            throw StoreError(code: .unavailable, detail: String(cString: strerror(errno)))
        }
        close(descriptor)
    }
}
