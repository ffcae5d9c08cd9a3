import Contracts
import Foundation
import GRDB
import PostgreSQL
import ServiceRuntime

/// `ingest-service backup-store FILE`: a whole copy of the SQLite store, made while services work on it, and checked.
///
/// It goes through SQLite's backup interface, in one step and from one snapshot: nobody who writes waits for it, and it
/// never begins anew because somebody did. `VACUUM INTO` would do as well, but builds every index again.
/// What is not whole has another name, `FILE.partial`, so that nobody restores it.
struct StoreBackup {
    typealias Failure = MaintenanceCommand.Failure

    /// What was made.
    struct Report: Encodable, Equatable {
        var file: String
        var store: String
        var requests: Int
        /// Events that were not published yet.
        var outbox: Int
        var bytes: Int
        /// How many steps the schema has come.
        var schema: Int
        var seconds: Double
    }

    private let source: String
    private let file: String
    private var partial: String { file + ".partial" }

    init(of source: String, to file: String) { (self.source, self.file) = (source, file) }

    /// - Throws: `Failure`; then nothing is left behind.
    func run() throws -> Report {
        let start = ContinuousClock.now
        guard FileManager.default.fileExists(atPath: source) else {
            throw Failure(text: "\(source): no such file; INTAKE_STORE_PATH says where the store is")
        }
        try refuseToOverwrite()
        try reserve()
        do {
            let (requests, outbox, schema) = try copy()
            try refuseToOverwrite()
            guard rename(partial, file) == 0 else { throw Failure(text: "\(file): \(Self.reason())") }
            try flush(URL(filePath: file).deletingLastPathComponent().path)
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            return Report(
                file: file, store: source, requests: requests, outbox: outbox,
                bytes: attributes[.size] as? Int ?? 0, schema: schema,
                seconds: (ContinuousClock.now - start) / .seconds(1))
        } catch {
            for suffix in ["", "-journal", "-wal", "-shm"] { unlink(partial + suffix) }
            throw error
        }
    }

    private func refuseToOverwrite() throws {
        // A link that leads nowhere is something, too; what cannot be looked at is found by `reserve`.
        guard (try? FileManager.default.attributesOfItem(atPath: file)) == nil else {
            throw Failure(text: "\(file) is there already, and is not overwritten")
        }
    }

    /// Makes the file, for its owner alone.
    private func reserve() throws {
        let descriptor = open(partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)
        guard descriptor >= 0 else {
            throw Failure(
                text: errno == EEXIST
                    ? "\(partial) is there: another backup is under way, or one was killed; then remove it"
                    : "\(partial): \(Self.reason())")
        }
        // Whatever the umask says.
        fchmod(descriptor, S_IRUSR | S_IWUSR)
        close(descriptor)
    }

    /// - Returns: what is in the copy.
    private func copy() throws -> (requests: Int, outbox: Int, schema: Int) {
        let source = try opened()
        let copy = try naming(partial) { try DatabaseQueue(path: partial) }
        let counts = try naming(self.source) {
            try source.read { from in
                let counts = try Self.counts(from)
                try naming(partial) { try copy.writeWithoutTransaction { try from.backup(to: $0) } }
                return counts
            }
        }
        try source.close()
        try naming(partial) {
            // Complete in itself: without it, whoever opens it to look makes side files.
            try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            let problems = try copy.read { try String.fetchAll($0, sql: "PRAGMA integrity_check(1)") }
            guard problems == ["ok"] else {
                throw Failure(text: "the store is damaged: \(OneLine.of(problems.first ?? "nothing can be read"))")
            }
            guard try copy.read(Self.counts) == counts else { throw Failure(text: "the copy differs from the store") }
            try copy.close()
        }
        try flush(partial)
        return (counts[0], counts[1], counts[2])
    }

    private func opened() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        return try naming(source) {
            let database = try DatabaseQueue(path: source, configuration: configuration)
            let isStore = try database.read { database in
                try ["grdb_migrations", "request", "outbox"].allSatisfy { try database.tableExists($0) }
            }
            guard isStore else { throw Failure(text: "\(source) is no store of ingest-service's") }
            return database
        }
    }

    private static func counts(_ database: Database) throws -> [Int] {
        try ["request", "outbox", "grdb_migrations"].map { table in
            try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)") ?? 0
        }
    }

    private func naming<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as DatabaseError {
            let text =
                switch error.resultCode {
                case .SQLITE_NOTADB: "\(path) is no store of ingest-service's"
                case .SQLITE_FULL: "\(partial): no space is left there"
                case .SQLITE_BUSY, .SQLITE_LOCKED: "\(path): another process keeps it locked"
                default: "\(path): SQLite \(error.extendedResultCode.rawValue) \(error.message ?? "")"
                }
            throw Failure(text: text)
        }
    }

    /// So that a power cut leaves what was reported.
    private func flush(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(text: "\(path): \(Self.reason())") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Failure(text: "\(path): \(Self.reason())") }
    }

    private static func reason() -> String { String(cString: strerror(errno)) }
}

extension StoreBackup.Report {
    var line: String {
        let took = Duration.seconds(seconds).written
        return "\(file): \(requests) requests, \(outbox) events in the outbox, \(bytes) bytes; whole; took \(took)"
    }
}

extension StoreBackup {
    static let command = MaintenanceCommand(
        "backup-store", arguments: "FILE [--json]",
        meaning: "copies the SQLite store to FILE while services work on it, and checks the copy."
    ) { words, settings in
        guard let (file, isJSON) = MaintenanceCommand.file(words) else { return nil }
        let (path, address) = IngestConfiguration.store(&settings)
        return {
            if let address {
                throw Failure(
                    text: "the store is PostgreSQL, \(address.shown): back it up with pg_dump --format=custom")
            }
            let report = try StoreBackup(of: path, to: file).run()
            print(isJSON ? try MaintenanceCommand.json(report) : report.line)
        }
    }
}
