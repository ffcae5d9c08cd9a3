import Foundation
import GRDB
import Logging
import Metrics
import Synchronization

/// Answers of geocoders on disk: what was asked once is not asked again by this process or the next.
///
/// It is a convenience. Whatever happens to its file, a look-up then finds nothing and the geocoder is asked; the log
/// says so once, and a counter each time.
final class AnswerCache: Sendable {
    /// The most that the file grows to, bytes. About half a million answers.
    static let largest = 256 << 20
    /// Rows that go at once when the file is full.
    private static let room = 1000

    private let database: DatabaseQueue?
    private let now: @Sendable () -> Date
    private let logger: Logger
    private let troubles = Counter(label: "intake_geocoder_cache_failures_total")
    private let trouble = Mutex<String?>(nil)

    /// Opens the file, or makes it, readable by its owner alone. A damaged one is replaced. Blocks: for start-up.
    /// - Parameter path: `nil` for no cache at all.
    init(
        path: String?, largest: Int = AnswerCache.largest, logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.now = now
        self.logger = logger
        guard let path else {
            database = nil
            return
        }
        do {
            database = try AnswerFile.open(path, largest: largest, logger: logger)
        } catch {
            database = nil
            report(error, path)
        }
    }

    /// What keeps the file from being used, in one line; `nil` when nothing does.
    var problem: String? { trouble.withLock { $0 } }

    /// - Returns: `nil` when nothing is known, or not any more.
    func answer(to key: AddressKey) async -> StreetFinding? {
        let now = now().timeIntervalSince1970
        return await access { database in
            let bytes = try Data.fetchOne(
                database.cachedStatement(sql: "SELECT finding FROM answer WHERE address = ? AND expires > ?"),
                arguments: [key.digest, now])
            return try bytes.map { try JSONDecoder().decode(StreetFinding.self, from: $0) }
        } ?? nil
    }

    /// - Parameter lifetime: zero or less to keep nothing.
    func keep(_ finding: StreetFinding, for key: AddressKey, lifetime: Duration) async {
        guard lifetime > .zero else { return }
        let now = now().timeIntervalSince1970
        let finding = finding.withoutText
        _ = await access { database in
            let bytes = try JSONEncoder().encode(finding)
            do {
                try Self.insert(bytes, key, expires: now + lifetime / .seconds(1), database)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
                try database.execute(
                    sql: "DELETE FROM answer WHERE address IN (SELECT address FROM answer ORDER BY expires LIMIT ?)",
                    arguments: [Self.room])
                try Self.insert(bytes, key, expires: now + lifetime / .seconds(1), database)
            }
            // A few at a time, so that nothing has to come by for it and no answer waits for it.
            try database.cachedStatement(
                sql: "DELETE FROM answer WHERE address IN (SELECT address FROM answer WHERE expires <= ? LIMIT 10)"
            ).execute(arguments: [now])
        }
    }

    private static func insert(_ bytes: Data, _ key: AddressKey, expires: Double, _ database: Database) throws {
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO answer VALUES (?, ?, ?)")
            .execute(arguments: [key.digest, expires, bytes])
    }

    /// - Returns: `nil` when the file cannot be used.
    private func access<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async -> Result? {
        guard let database else { return nil }
        do {
            let result = try await withCheckedThrowingContinuation { continuation in
                // GRDB's queue is a thread of its own: waiting for the disk blocks no task. Not its own async call,
                // which takes a cancelled task for a failure of the file.
                database.asyncWriteWithoutTransaction { database in
                    continuation.resume(with: Swift.Result { try body(database) })
                }
            }
            if trouble.withLock({ exchange(&$0, with: nil) }) != nil {
                logger.notice("The geocoders' cache works again")
            }
            return result
        } catch {
            report(error, database.path)
            return nil
        }
    }

    private func report(_ error: any Error, _ path: String) {
        troubles.increment()
        // Names codes and columns, never values.
        let detail =
            switch error {
            case let error as DatabaseError: "SQLite \(error.extendedResultCode.rawValue) \(error.message ?? "")"
            case let error as POSIXError: String(cString: strerror(error.code.rawValue))
            default: "\(type(of: error))"
            }
        guard trouble.withLock({ exchange(&$0, with: "\(path): \(detail)") }) == nil else { return }
        logger.warning(
            "The geocoders' cache cannot be used: all are asked anew",
            metadata: ["path": "\(path)", "error": "\(detail)"])
    }
}

/// The value before.
private func exchange(_ value: inout String?, with new: String?) -> String? {
    defer { value = new }
    return value
}

extension StreetFinding {
    /// As it may be kept: the address in the words of the geocoder is a plain street.
    fileprivate var withoutText: StreetFinding {
        switch self {
        case .found(var match):
            match.matchedText = nil
            return .found(match)
        case .noMatch:
            return .noMatch
        }
    }
}
