import GRDB

extension SQLiteRequestStore {
    /// What came with streets, reasons and reviews.
    static func registerReviews(in migrator: inout DatabaseMigrator) {
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

    /// Most requests never have a row here. `request` is the request's number; the other columns say whose they are, since
    /// rows are read joined with the request's.
    ///
    /// `review_closed_at` only keeps what is over out of the index. Who decides a review sets it; a decision that comes from
    /// the rules after all does not, so that it costs the many without a review nothing: then the deadline's sweep does.
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
}
