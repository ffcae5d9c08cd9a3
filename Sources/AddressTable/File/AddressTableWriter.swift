import Foundation
import GRDB

/// Writes an address table beside the file that it is to be, and puts it in that one's place when it is whole.
///
/// Houses are put down in the order in which they come, and sorted at the end: SQLite does that on the disk, so the
/// memory that an import takes does not grow with it.
package struct AddressTableWriter {
    /// What was written.
    package struct Outcome: Sendable, Equatable {
        package var streets: Int
        package var houses: Int
        /// Houses that came more than once: flats of one house, mostly. The first counts.
        package var duplicates: Int
        /// Houses that came more than once, far apart: two of one name, or an error. They are no answer.
        package var doubtful: Int
    }

    private let path: String
    private let partial: String
    /// Pages that the file may have; for tests of a full disk.
    private let maximumPages: Int?

    /// - Throws: `unwritable` when something stands there that is no address table: it may be somebody's.
    package init(path: String, maximumPages: Int? = nil) throws(AddressTableError) {
        self.path = path
        partial = "\(path).partial-\(ProcessInfo.processInfo.processIdentifier)"
        self.maximumPages = maximumPages
        guard FileManager.default.fileExists(atPath: path) else { return }
        do {
            _ = try AddressTableHeader(path: path)
        } catch {
            throw AddressTableError(
                .unwritable, path: path, problem: "there is a file that is no address table; it is left alone")
        }
    }

    /// Blocks until all is written.
    /// - Parameter fill: puts the houses in. When it throws, everything is as before.
    /// - Throws: `AddressTableError`, or what `fill` throws.
    package func write(_ fill: (AddressTableFilling) throws -> Void) throws -> Outcome {
        removeAbandoned()
        defer {
            // After a success there is none any more.
            try? FileManager.default.removeItem(atPath: partial)
        }
        do {
            let outcome = try fillPartial(fill)
            try put()
            return outcome
        } catch let error as DatabaseError {
            throw AddressTableError(error, path: path, writing: true)
        }
    }

    private func fillPartial(_ fill: (AddressTableFilling) throws -> Void) throws -> Outcome {
        let queue = try DatabaseQueue(path: partial)
        let outcome = try queue.inDatabase { database in
            // Nobody else knows the file, and a half one is thrown away: no waiting for the disk until the end.
            try database.execute(
                sql: """
                    PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;
                    PRAGMA application_id = \(AddressTableFormat.applicationID);
                    PRAGMA user_version = \(AddressTableFormat.version);
                    """)
            if let maximumPages { try database.execute(sql: "PRAGMA max_page_count = \(maximumPages)") }
            try database.execute(sql: AddressTableFormat.tables)
            try database.execute(
                sql: """
                    CREATE TEMP TABLE arrived (
                        street INTEGER NOT NULL, series TEXT NOT NULL, number INTEGER NOT NULL, rest TEXT NOT NULL,
                        latitude INTEGER NOT NULL, longitude INTEGER NOT NULL
                    ) STRICT;
                    """)
            var outcome = Outcome(streets: 0, houses: 0, duplicates: 0, doubtful: 0)
            try database.inTransaction {
                outcome = try Self.fill(database, fill)
                return .commit
            }
            return outcome
        }
        try queue.close()
        return outcome
    }

    private static func fill(
        _ database: Database, _ fill: (AddressTableFilling) throws -> Void
    ) throws -> Outcome {
        let filling = try AddressTableFilling(database: database)
        try fill(filling)
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO house
                    SELECT street, series, number, rest, latitude, longitude, 0 FROM arrived
                    ORDER BY street, series, number, rest, arrived.rowid;
                """)
        let houses = database.changesCount
        let duplicates = filling.houses - houses
        return Outcome(
            streets: filling.streets, houses: houses, duplicates: duplicates,
            doubtful: duplicates == 0 ? 0 : try markDoubtful(database))
    }

    /// A house whose entries lie farther apart than one building is large.
    private static func markDoubtful(_ database: Database) throws -> Int {
        // Half a degree's hundredth: 550 m to the north, less to the east.
        let apart = Int64(0.005 * AddressTableFormat.unitsPerDegree)
        try database.execute(
            sql: """
                UPDATE house SET is_doubtful = 1 FROM (
                    SELECT street, series, number, rest FROM arrived GROUP BY street, series, number, rest
                        HAVING max(latitude) - min(latitude) > ?1 OR max(longitude) - min(longitude) > ?1
                ) AS apart
                    WHERE house.street = apart.street AND house.series = apart.series AND house.number = apart.number
                        AND house.rest = apart.rest;
                """, arguments: [apart])
        return database.changesCount
    }

    /// Half files of imports that were killed. Their processes are gone, or they would be theirs.
    private func removeAbandoned() {
        let folder = (path as NSString).deletingLastPathComponent
        let start = "\((path as NSString).lastPathComponent).partial-"
        // A folder that cannot be listed is reported when the new file is made there.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        for name in names where name.hasPrefix(start) {
            guard let process = Int32(name.dropFirst(start.count)), process > 0, kill(process, 0) != 0, errno == ESRCH
            else { continue }
            // What stays only takes room.
            try? FileManager.default.removeItem(atPath: (folder as NSString).appendingPathComponent(name))
        }
    }

    /// On the disk first, then in place: a power cut leaves the old file or the new one.
    private func put() throws {
        for file in [partial, (path as NSString).deletingLastPathComponent] {
            if file != partial, rename(partial, path) != 0 { throw unwritable() }
            let descriptor = open(file.isEmpty ? "." : file, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw unwritable() }
            defer { close(descriptor) }
            guard fsync(descriptor) == 0 else { throw unwritable() }
        }
    }

    private func unwritable() -> AddressTableError {
        AddressTableError(.unwritable, path: path, problem: String(cString: strerror(errno)))
    }
}
