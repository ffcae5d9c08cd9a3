import GRDB

extension SQLiteSchema {
    /// What came with pages for people.
    static func registerPeople(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("7 people") { database in
            try database.execute(sql: staffTables)
            try database.execute(sql: deskTables)
            try database.execute(sql: searchTables)
        }
    }

    /// A token's, a link's and a session's secret are here as SHA-256.
    private static let staffTables = """
        CREATE TABLE staff_person (
            number INTEGER PRIMARY KEY,
            email TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            organization TEXT,
            role TEXT NOT NULL,
            token_hash BLOB UNIQUE,
            added_at INTEGER NOT NULL,
            revoked_at INTEGER
        ) STRICT;
        CREATE TABLE staff_link (
            selector TEXT NOT NULL PRIMARY KEY,
            hash BLOB NOT NULL,
            person INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            wrong INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE staff_session (
            hash BLOB NOT NULL PRIMARY KEY,
            person INTEGER NOT NULL,
            started_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            ended_at INTEGER
        ) STRICT;
        CREATE INDEX staff_session_by_person ON staff_session (person, started_at);
        CREATE TABLE audit_log (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            person TEXT NOT NULL,
            organization TEXT,
            action TEXT NOT NULL,
            request_id TEXT,
            detail TEXT
        ) STRICT;
        CREATE INDEX audit_by_person ON audit_log (person, number);
        CREATE INDEX audit_by_organization ON audit_log (organization, number);
        CREATE INDEX audit_by_request ON audit_log (request_id, number) WHERE request_id IS NOT NULL;
        """

    /// `is_open` is set as long as the organisation has something to do about the request. `due` is a day,
    /// `2026-12-01`. What the desk writes about a request stays longer than its job: `timeline` ends with that.
    private static let deskTables = """
        CREATE TABLE assignment (
            request INTEGER PRIMARY KEY,
            organization TEXT NOT NULL,
            assignee TEXT,
            team TEXT,
            due TEXT,
            revision INTEGER NOT NULL,
            is_open INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX assignment_by_due ON assignment (organization, is_open, due, request);
        CREATE INDEX assignment_by_assignee ON assignment (organization, assignee, request);
        CREATE INDEX assignment_by_team ON assignment (organization, team, request);
        CREATE TABLE desk_entry (
            request INTEGER NOT NULL,
            at INTEGER NOT NULL,
            entry TEXT NOT NULL,
            kind TEXT NOT NULL,
            person TEXT NOT NULL,
            detail TEXT,
            note TEXT,
            PRIMARY KEY (request, at, entry)
        ) STRICT, WITHOUT ROWID;
        ALTER TABLE timeline ADD COLUMN person TEXT;
        CREATE INDEX request_by_desk ON request (organization, acceptance, coalesce(status, 'new'), id);
        """

    /// See `SearchWords`. The words are keyed hashes: what is erased leaves nothing behind that could be read.
    private static let searchTables = """
        CREATE TABLE search_word (
            word INTEGER NOT NULL,
            request INTEGER NOT NULL,
            PRIMARY KEY (word, request)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE search_state (key BLOB NOT NULL, done INTEGER NOT NULL) STRICT;
        INSERT INTO search_state (key, done) VALUES (randomblob(32), 0);
        """
}
