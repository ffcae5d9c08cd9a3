import Contracts

import struct Foundation.Date

/// One kind of thing that goes when its time is over.
struct RetentionSweep: Sendable {
    /// For the log.
    var name: String
    /// Whether what goes must not stay in the file.
    var isSecret = false
    /// Removes a small batch.
    /// - Returns: how many; fewer than the limit when there are no more.
    var run: @Sendable (_ store: RequestStore, _ now: Date, _ limit: Int) async throws(StoreError) -> Int

    /// Everything that has an end. Whatever else gets one is added here.
    static func all(_ times: RetentionTimes) -> [RetentionSweep] {
        [
            RetentionSweep(name: "jobs") { store, now, limit async throws(StoreError) in
                try await store.expireJobs(endedBefore: now.before(times.jobs), at: now, limit: limit)
            },
            RetentionSweep(name: "personal-data", isSecret: true) { store, now, limit async throws(StoreError) in
                try await store.erasePersonalData(acceptedBefore: now.before(times.personalData), at: now, limit: limit)
            },
            // Their bodies may hold a street. As long as an operator may still want to see it, they are kept like
            // personal data.
            RetentionSweep(name: "dead-letters-without-request", isSecret: true) {
                store, now, limit async throws(StoreError) in
                try await store.removeStrayDeadLetters(
                    recordedBefore: now.before(times.personalData), resolvedBefore: now.before(times.jobs), limit: limit
                )
            },
            RetentionSweep(name: "endpoints") { store, now, limit async throws(StoreError) in
                try await store.removeEndpoints(recordedBefore: now.before(times.jobs), limit: limit)
            },
            RetentionSweep(name: "idempotency-keys") { store, now, limit async throws(StoreError) in
                try await store.removeExpiredIdempotencyKeys(
                    before: now.before(IdempotencyClaim.lifetime), limit: limit)
            },
        ]
    }
}

/// How long things are kept.
struct RetentionTimes: Sendable, Equatable {
    /// Personal data, from the acceptance of a request that is settled.
    var personalData: Duration
    /// What a job shows, from its end.
    var jobs: Duration
}

extension Date {
    func before(_ duration: Duration) -> Date { shifted(by: .zero - duration) }
}
