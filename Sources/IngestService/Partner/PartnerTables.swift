import GRDB

extension SQLiteSchema {
    /// What came with the partner's page and API.
    static func registerPartners(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("8 partners") { database in
            try database.execute(sql: more)
            try database.execute(sql: corrections)
            try database.execute(sql: sessions)
            // What an organisation changed lately; in calm weather empty.
            try database.execute(
                sql: """
                    CREATE INDEX request_by_change ON request (provider, status_changed_at)
                        WHERE status_changed_at IS NOT NULL
                    """)
        }
    }

    private static let more = """
        ALTER TABLE person ADD COLUMN unit TEXT;
        ALTER TABLE person ADD COLUMN language TEXT;
        ALTER TABLE person ADD COLUMN need TEXT;
        ALTER TABLE person ADD COLUMN notes TEXT;
        ALTER TABLE request ADD COLUMN withdrawn_at INTEGER;
        ALTER TABLE request ADD COLUMN corrected_at INTEGER;
        """

    /// The newest row of a request stands for what `person` says; the older ones are empty. Rows go to the end, and
    /// never grow, for the same reason as those of `person`.
    private static let corrections = """
        CREATE TABLE correction (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            request INTEGER NOT NULL,
            name TEXT NOT NULL,
            phone TEXT NOT NULL,
            email TEXT NOT NULL
        ) STRICT;
        CREATE INDEX correction_by_request ON correction (request, number);
        """

    /// The secret is here as SHA-256, and so is the token that opened it: the session ends with that.
    private static let sessions = """
        CREATE TABLE partner_session (
            hash BLOB NOT NULL PRIMARY KEY,
            provider TEXT NOT NULL,
            token BLOB NOT NULL,
            started_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            ended_at INTEGER
        ) STRICT;
        """
}
