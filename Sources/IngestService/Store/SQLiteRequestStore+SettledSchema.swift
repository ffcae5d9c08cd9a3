import GRDB

extension SQLiteRequestStore {
    /// What came with the organisation's own steps, the timeline, the queries and the end of retention.
    ///
    /// `request` is built anew: as a table with a row id its three updates cost a fifth less, since a wide row is not moved
    /// with its key. Everything personal has a table of its own, `person`, whose rows are written once and never grow: a row
    /// that grows is copied from page to page, and a copy can stay behind in a page where nothing erases it.
    static func registerSettled(in migrator: inout DatabaseMigrator) {
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
        INSERT INTO request (id, provider, provider_request_id, organization, accepted_at, city, state, zip, geocoded_at,
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

    /// Each list of requests goes along one of the first six, newest first; the last two are for the retention, the very last
    /// is only written by it.
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
}
