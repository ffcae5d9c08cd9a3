import Contracts
import GRDB
import Logging
import ServiceLifecycle

import struct Foundation.Date

/// Asks again where three quarters of a review's time are over and nobody has decided: who is told of trouble hears of
/// it (`notify` in `callbacks.yaml`). Each is asked again once.
struct ReviewReminders: Service {
    private let store: RequestStore
    private let lease: StoreLease
    private let logger: Logger
    private let now: @Sendable () -> Date

    private static let pace = Duration.seconds(60)
    /// How many go in one transaction.
    static let batch = 100

    init(store: RequestStore, logger: Logger, now: @escaping @Sendable () -> Date = { Date() }) {
        self.store = store
        lease = StoreLease("reminders", of: store, duration: .seconds(150))
        self.logger = logger
        self.now = now
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await remind()
                // Cancelled while it waits: the loop ends.
                do { try await Task.sleep(for: Self.pace) } catch { return }
            }
        }
    }

    /// Asks again for all that are due.
    func remind() async {
        do throws(StoreError) {
            guard try await lease.isHeld() else { return }
            var found = Self.batch
            while found == Self.batch {
                found = try await store.remindOfReviews(at: Timestamp.truncate(now()), limit: Self.batch)
            }
        } catch {
            logger.warning("Reviews cannot be asked for again.", metadata: ["error": "\(error)"])
        }
    }
}

extension SQLiteSchema {
    /// What came with reminders.
    static func registerReminders(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("9 reminders") { database in
            try database.execute(sql: "ALTER TABLE review ADD COLUMN reminded_at INTEGER")
        }
    }
}

extension RequestStore {
    /// Writes for open reviews whose deadline is near the event that asks again, each once.
    /// - Returns: how many were looked at.
    func remindOfReviews(at now: Date, limit: Int) async throws(StoreError) -> Int {
        try await write { transaction in
            let rows = try transaction.rows(
                """
                SELECT request, (SELECT id FROM request WHERE number = review.request) AS id
                FROM \(transaction.dialect.along("review_by_deadline", of: "review"))
                WHERE review_closed_at IS NULL AND review_deadline > ?1 AND reminded_at IS NULL
                    AND (review_deadline - ?1) * 4 <= review_deadline - review_at
                ORDER BY review_deadline LIMIT ?2
                """, [now, limit]
            ) { row in (number: try row["request"] as Int64, id: try row["id"] as String?) }
            for (number, id) in rows {
                try transaction.execute("UPDATE review SET reminded_at = ? WHERE request = ?", [now, number])
                do {
                    try transaction.savepoint { try transaction.remind(id.flatMap(RequestID.init), at: now) }
                } catch let error as StoreError where error.code == .unreadable {
                    // Whose row is broken is told of by its deadline.
                }
            }
            return rows.count
        }
    }
}

extension StoreTransaction {
    fileprivate func remind(_ id: RequestID?, at now: Date) throws {
        // The rules may have decided it after all.
        guard let id, let request = try request(id), let review = request.openReview else { return }
        let event = try StoreError.reading("request") { () throws(ContractError) in
            try EventMessage(
                Event(
                    id: EventID.derive(
                        from: id.uuid, stage: "ingest", type: .requestReviewRequested,
                        occurrence: "\(review.fact.deadline.milliseconds)"),
                    // Of the time when it was asked first, so that it is nothing new to who has recorded that.
                    source: "/intake/ingest", time: review.at, requestID: id, traceParent: TraceParent.from(nil),
                    data: RequestReviewRequested(request.reference, review.fact)))
        }
        try enqueue(event, at: now)
    }
}
