import GRDB

extension SQLiteSchema {
    /// What came for pages over a million requests.
    static func registerPages(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("9 pages") { database in
            try database.execute(sql: pageIndices)
        }
    }

    /// What a partner has not taken of what an organisation did; in calm weather empty. What is in somebody's hands by
    /// the day that it is due.
    static let pageIndices = """
        CREATE INDEX request_untaken ON request (provider, id) WHERE \(RequestStore.isChangedAndUntaken);
        DROP INDEX assignment_by_assignee;
        DROP INDEX assignment_by_team;
        CREATE INDEX assignment_by_assignee ON assignment (organization, assignee, is_open, due, request);
        CREATE INDEX assignment_by_team ON assignment (organization, team, is_open, due, request);
        """
}
