import Foundation
import GRDB

/// The tables of the store in SQLite.
enum SQLiteSchema {
    /// The schema, one migration per change, each of which runs once and never changes after its release.
    ///
    /// Times are milliseconds since 1970. Everything personal is in `person`; the exceptions are the street in the body
    /// of an event that is not published yet, in `outbox`, or that its stage gave up, in `dead_letter`, and what the
    /// staff of an organisation wrote about a step of theirs, in `timeline`.
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
        registerLives(in: &migrator)
        registerPeople(in: &migrator)
        registerPartners(in: &migrator)
        registerReminders(in: &migrator)
        registerPages(in: &migrator)
        registerIdentities(in: &migrator)
        return migrator
    }

    /// Brings a file's schema up to date.
    /// - Throws: `StoreError` when it is newer than this program, which would leave out what belongs to a row there;
    ///   `DatabaseError`.
    static func migrate(_ writer: some DatabaseWriter) throws {
        let migrator = migrator
        try writer.read { try refuseNewer($0, migrator) }
        try migrator.migrate(writer)
        // A newer program may have been at it meanwhile.
        try writer.read { try refuseNewer($0, migrator) }
    }

    private static func refuseNewer(_ database: Database, _ migrator: DatabaseMigrator) throws {
        guard try migrator.hasBeenSuperseded(database) else { return }
        let (found, known) = (try migrator.appliedIdentifiers(database), migrator.migrations)
        let unknown = found.subtracting(known).sorted { $0.compare($1, options: .numeric) == .orderedAscending }
        throw StoreError(
            code: .unavailable,
            detail: "its schema is version \(found.count) (\(unknown.joined(separator: ", "))), newer than this "
                + "program, which knows \(known.count)")
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

    /// What stages gave up. The columns of the death and those of what an operator did about it are filled each on
    /// their own: either may come first. The body of what the geocode stage gave up holds a street.
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

    // MARK: Idempotency keys

    /// A row for each key that was answered with 202 or 409; neither the key nor what came with it is in clear.
    private static func registerIdempotencyKeys(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("3 idempotency keys") { database in
            try database.execute(
                sql: """
                    CREATE TABLE idempotency_key (
                        provider TEXT NOT NULL,
                        key BLOB NOT NULL,
                        fingerprint BLOB NOT NULL,
                        is_duplicate INTEGER NOT NULL,
                        request_id TEXT NOT NULL,
                        created_at INTEGER NOT NULL,
                        PRIMARY KEY (provider, key)
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX idempotency_key_by_time ON idempotency_key (created_at);
                    """)
        }
    }

    // MARK: Status, timeline, queries, retention

    /// What came with the organisation's own steps, the timeline, the queries and the end of retention.
    ///
    /// `request` is built anew: as a table with a row id its three updates cost a fifth less, since a wide row is not
    /// moved with its key. Everything personal has a table of its own, `person`, whose rows are written once and never
    /// grow: a row that grows is copied from page to page, and a copy can stay behind in a page where nothing erases
    /// it.
    private static func registerSettled(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("4 status, timeline, queries, retention") { database in
            try database.execute(sql: "ALTER TABLE request RENAME TO request_before")
            try database.execute(sql: "DROP INDEX request_by_provider; DROP INDEX request_untold")
            try database.execute(sql: settledRequest)
            try database.execute(sql: person)
            try database.execute(sql: takeOver)
            try database.execute(sql: requestIndices)
            try database.execute(sql: timeline)
            try database.execute(sql: "ALTER TABLE stage_trouble ADD COLUMN dead_sequence INTEGER")
        }
    }

    /// `status` is null until the organisation takes its first step, so that in calm weather its index is empty. The
    /// columns `newest_told_…` are filled by what the partner is told after the answer.
    private static let settledRequest = """
        CREATE TABLE request (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            provider TEXT NOT NULL,
            provider_request_id TEXT NOT NULL,
            organization TEXT NOT NULL,
            accepted_at INTEGER NOT NULL,
            city TEXT NOT NULL,
            state TEXT NOT NULL COLLATE NOCASE,
            zip TEXT NOT NULL,
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
            told_sequence INTEGER,
            told_duration INTEGER,
            told_family TEXT,
            status TEXT,
            status_changed_at INTEGER,
            sequence INTEGER NOT NULL DEFAULT 1,
            newest_told_sequence INTEGER,
            newest_told_at INTEGER,
            expired_at INTEGER,
            erased_at INTEGER,
            UNIQUE (provider, provider_request_id)
        ) STRICT;
        """

    /// The number is the request's.
    private static let person = """
        CREATE TABLE person (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            street TEXT NOT NULL,
            phone TEXT NOT NULL,
            email TEXT NOT NULL,
            provider_data TEXT
        ) STRICT;
        """

    private static let takeOver = """
        INSERT INTO request (id, provider, provider_request_id, organization, accepted_at, city, state, zip,
            geocoded_at,
            latitude, longitude, precision, location_source, no_location_reason, county_fips, county,
            conflict_kilometres, conflict_state, has_conflict, decided_at, acceptance, decision_reason, decision_rule,
            coverage_version, told_at, told_acceptance, told_status, told_attempt)
        SELECT id, provider, provider_request_id, organization, accepted_at, city, state, zip, geocoded_at,
            latitude, longitude, precision, location_source, no_location_reason, county_fips, county,
            conflict_kilometres, conflict_state, has_conflict, decided_at, acceptance, decision_reason, decision_rule,
            coverage_version, told_at, told_acceptance, told_status, told_attempt
        FROM request_before ORDER BY id;
        INSERT INTO person (number, name, street, phone, email, provider_data)
        SELECT request.number, name, street, phone, email, provider_data
        FROM request JOIN request_before USING (id) ORDER BY request.number;
        DROP TABLE request_before;
        """

    /// Each list of requests goes along one of the first six, newest first; the last two are for the retention, the
    /// very last is only written by it.
    private static let requestIndices = """
        CREATE INDEX request_by_provider ON request (provider, id);
        CREATE INDEX request_by_organization ON request (organization, id);
        CREATE INDEX request_by_state ON request (state, id);
        CREATE INDEX request_by_county ON request (county_fips, id) WHERE county_fips IS NOT NULL;
        CREATE INDEX request_by_status ON request (status, id) WHERE status IS NOT NULL;
        CREATE INDEX request_untold ON request (id, provider) WHERE told_at IS NULL;
        CREATE INDEX request_unexpired ON request (accepted_at) WHERE expired_at IS NULL;
        CREATE INDEX request_unerased ON request (accepted_at) WHERE expired_at IS NOT NULL AND erased_at IS NULL;
        """

    /// What happened to a request beside the facts that have columns of their own. In calm weather nothing.
    private static let timeline = """
        CREATE TABLE timeline (
            request INTEGER NOT NULL,
            at INTEGER NOT NULL,
            entry TEXT NOT NULL,
            kind TEXT NOT NULL,
            stage TEXT,
            sequence INTEGER,
            attempt INTEGER,
            duration INTEGER,
            family TEXT,
            http_status INTEGER,
            error_code TEXT,
            error_message TEXT,
            excerpt TEXT,
            detail TEXT,
            note TEXT,
            UNIQUE (request, at, entry)
        ) STRICT;
        CREATE TABLE endpoint (
            provider TEXT NOT NULL PRIMARY KEY,
            degraded_since INTEGER,
            error_code TEXT,
            error_message TEXT,
            recovered_from INTEGER
        ) STRICT, WITHOUT ROWID;
        """

    // MARK: Reviews

    /// What came with streets, reasons and reviews.
    private static func registerReviews(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("5 reviews") { database in
            try database.execute(sql: facts)
            try database.execute(sql: review)
        }
    }

    private static let facts = """
        ALTER TABLE request ADD COLUMN confidence REAL;
        ALTER TABLE request ADD COLUMN uncertainty_kilometres REAL;
        ALTER TABLE request ADD COLUMN attribution TEXT;
        ALTER TABLE request ADD COLUMN geocoding_doubts TEXT;
        ALTER TABLE request ADD COLUMN decision_precision TEXT;
        ALTER TABLE request ADD COLUMN explanation TEXT;
        ALTER TABLE request ADD COLUMN needed TEXT;
        ALTER TABLE request ADD COLUMN capacity_note TEXT;
        """

    /// Most requests never have a row here. `request` is the request's number; the other columns say whose they are,
    /// since rows are read joined with the request's.
    ///
    /// `review_closed_at` only keeps what is over out of the index. Who decides a review sets it; a decision that comes
    /// from the rules after all does not, so that it costs the many without a review nothing: then the deadline's sweep
    /// does.
    private static let review = """
        CREATE TABLE review (
            request INTEGER PRIMARY KEY,
            review_at INTEGER NOT NULL,
            review_reason TEXT NOT NULL,
            review_proposal INTEGER NOT NULL,
            review_rule TEXT,
            review_coverage_version TEXT NOT NULL,
            review_precision TEXT,
            review_explanation TEXT NOT NULL,
            review_deadline INTEGER NOT NULL,
            review_fallback INTEGER NOT NULL,
            review_closed_at INTEGER
        ) STRICT;
        CREATE INDEX review_by_deadline ON review (review_deadline) WHERE review_closed_at IS NULL;
        """

    // MARK: Lives, bounds, tenants

    /// What came with the lives of messages, the bounds on what is kept of dead letters, and indices by tenant.
    private static func registerLives(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("6 lives, bounds, tenants") { database in
            try database.execute(sql: troubleByMessage)
            try database.execute(sql: boundedLetters)
            try database.execute(sql: moved)
            try database.execute(sql: tenantIndices)
            try database.execute(sql: "ALTER TABLE probe ADD COLUMN room BLOB")
        }
    }

    /// A row for each message of a stage that had trouble, and not for each stage: what is done about one message says
    /// nothing about another. `message_id` is empty where nobody said which. A retry that an earlier version told after
    /// a death was in the message's next life.
    private static let troubleByMessage = """
        ALTER TABLE stage_trouble RENAME TO trouble_before;
        CREATE TABLE stage_trouble (
            request_id TEXT NOT NULL,
            stage TEXT NOT NULL,
            message_id TEXT NOT NULL,
            retry_at INTEGER,
            retry_attempt INTEGER,
            retry_of INTEGER,
            retry_next_at INTEGER,
            retry_code TEXT,
            retry_message TEXT,
            retry_replays INTEGER NOT NULL DEFAULT 0,
            dead_at INTEGER,
            dead_reason TEXT,
            dead_code TEXT,
            dead_message TEXT,
            dead_sequence INTEGER,
            dead_replays INTEGER NOT NULL DEFAULT 0,
            resolution TEXT,
            resolved_death_at INTEGER,
            resolved_at INTEGER,
            resolved_by TEXT,
            resolved_replays INTEGER,
            why TEXT,
            PRIMARY KEY (request_id, stage, message_id)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO stage_trouble (request_id, stage, message_id, retry_at, retry_attempt, retry_of, retry_next_at,
            retry_code, retry_message, retry_replays, dead_at, dead_reason, dead_code, dead_message, dead_sequence,
            resolution,
            resolved_death_at, resolved_at, resolved_by, why)
        SELECT request_id, stage, coalesce((
                SELECT min(letter.message_id) FROM dead_letter AS letter WHERE letter.request_id = earlier.request_id
                    AND letter.stage = earlier.stage AND letter.died_at IS earlier.dead_at
            ), (
                SELECT min(letter.message_id) FROM dead_letter AS letter
                WHERE letter.request_id = earlier.request_id AND letter.stage = earlier.stage
            ), ''), retry_at, retry_attempt, retry_of, retry_next_at, retry_code, retry_message,
            coalesce(retry_at > dead_at, 0), dead_at, dead_reason, dead_code, dead_message, dead_sequence, resolution,
            resolved_death_at, resolved_at, resolved_by, why
        FROM trouble_before AS earlier;
        DROP TABLE trouble_before;
        """

    /// `recorded_at` is by this host's clock, when the row was written last. `is_stray` is set where no request is here
    /// that the letter could end with. `body_sha256` is that of the whole body where it is cut.
    private static let boundedLetters = """
        ALTER TABLE dead_letter ADD COLUMN replays INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE dead_letter ADD COLUMN resolved_replays INTEGER;
        ALTER TABLE dead_letter ADD COLUMN body_bytes INTEGER;
        ALTER TABLE dead_letter ADD COLUMN body_sha256 BLOB;
        ALTER TABLE dead_letter ADD COLUMN recorded_at INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE dead_letter ADD COLUMN is_stray INTEGER NOT NULL DEFAULT 0;
        UPDATE dead_letter SET recorded_at = coalesce(died_at, resolved_at, 0), body_bytes = length(body),
            body = substr(body, 1, \(DeadLetterRecord.longestBody)),
            is_stray = NOT EXISTS (SELECT 1 FROM request WHERE request.id = dead_letter.request_id);
        CREATE INDEX dead_letter_stray ON dead_letter (recorded_at) WHERE is_stray = 1;
        ALTER TABLE endpoint ADD COLUMN recorded_at INTEGER NOT NULL DEFAULT 0;
        UPDATE endpoint SET recorded_at = coalesce(degraded_since, recovered_from, 0);
        """

    /// When something happened to a request last, or is to happen: a retry that is waited for moves it at its time. By
    /// this host's clock, whoever said it.
    private static let moved = """
        ALTER TABLE request ADD COLUMN moved_at INTEGER NOT NULL DEFAULT 0;
        UPDATE request SET moved_at = max(accepted_at, coalesce(geocoded_at, 0), coalesce(decided_at, 0),
            coalesce(told_at, 0), coalesce(status_changed_at, 0), coalesce(newest_told_at, 0), coalesce((
                SELECT max(max(coalesce(trouble.retry_next_at, 0), coalesce(trouble.resolved_at, 0)))
                FROM stage_trouble AS trouble WHERE trouble.request_id = request.id
            ), 0));
        """

    /// An index by state would leave nothing out: organisations work in few.
    private static let tenantIndices = """
        DROP INDEX request_by_state;
        DROP INDEX request_by_county;
        DROP INDEX request_by_status;
        CREATE INDEX request_by_county ON request (organization, county_fips, id) WHERE county_fips IS NOT NULL;
        CREATE INDEX request_by_status ON request (organization, status, id) WHERE status IS NOT NULL;
        CREATE INDEX request_untold_by_organization ON request (organization, id) WHERE told_at IS NULL;
        CREATE INDEX request_untold_by_provider ON request (provider, id) WHERE told_at IS NULL;
        """
}
