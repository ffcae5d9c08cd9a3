import Contracts
import Foundation
import Synchronization

@testable import IngestService

/// A store that does what another one does, but fails when told to, and tells of removals.
final class ScriptedStore: RequestStore {
    enum Operation: Hashable { case accept, read, apply, outbox, remove, truncate, probe }

    private let base: any RequestStore
    private let failing = Mutex<[Operation: Int]>([:])
    /// The sequence of each entry that was removed.
    let removals: AsyncStream<Int64>
    private let removed: AsyncStream<Int64>.Continuation

    init(_ base: any RequestStore) {
        self.base = base
        (removals, removed) = AsyncStream.makeStream()
    }

    /// The next calls fail, `.max` for all that come.
    func fail(_ operation: Operation, times: Int = .max) { failing.withLock { $0[operation] = times } }

    private func check(_ operation: Operation) throws(StoreError) {
        let fails = failing.withLock { failing in
            guard let left = failing[operation], left > 0 else { return false }
            failing[operation] = left == .max ? .max : left - 1
            return true
        }
        if fails { throw StoreError(code: .unavailable, detail: "scripted") }
    }

    func accept(
        _ request: NewRequest, event: EventMessage, claim: IdempotencyClaim?
    ) async throws(StoreError) -> Acceptance {
        try check(.accept)
        return try await base.accept(request, event: event, claim: claim)
    }

    func removeExpiredIdempotencyKeys(before: Date, limit: Int) async throws(StoreError) -> Int {
        try await base.removeExpiredIdempotencyKeys(before: before, limit: limit)
    }

    func request(_ id: RequestID) async throws(StoreError) -> StoredRequest? {
        try check(.read)
        return try await base.request(id)
    }

    func job(_ id: RequestID) async throws(StoreError) -> StoredJob? {
        try check(.read)
        return try await base.job(id)
    }

    func requests(
        _ filter: RequestFilter, before: RequestID?, limit: Int
    ) async throws(StoreError) -> [StoredRequest] {
        try check(.read)
        return try await base.requests(filter, before: before, limit: limit)
    }

    func requests(
        acceptedSince since: Date?, of organization: String?, after: RequestID?, limit: Int
    ) async throws(StoreError) -> [StoredRequest] {
        try check(.read)
        return try await base.requests(acceptedSince: since, of: organization, after: after, limit: limit)
    }

    func changeStatus(
        of id: RequestID, within organization: String, _ change: StatusChange
    ) async throws(StoreError) -> StatusChangeOutcome {
        try check(.accept)
        return try await base.changeStatus(of: id, within: organization, change)
    }

    func decideReview(of id: RequestID, _ verdict: ReviewVerdict) async throws(StoreError) -> ReviewOutcome {
        try check(.accept)
        return try await base.decideReview(of: id, verdict)
    }

    func openReviews(after: ReviewCursor?, limit: Int) async throws(StoreError) -> [StoredRequest] {
        try check(.read)
        return try await base.openReviews(after: after, limit: limit)
    }

    func nextReviewDeadline(after: Date?) async throws(StoreError) -> Date? {
        try check(.read)
        return try await base.nextReviewDeadline(after: after)
    }

    func decideOverdueReviews(
        at now: Date, after: OverdueReviews.Place?, limit: Int
    ) async throws(StoreError) -> OverdueReviews {
        try check(.accept)
        return try await base.decideOverdueReviews(at: now, after: after, limit: limit)
    }

    func reviewFigures(at now: Date) async throws(StoreError) -> ReviewFigures {
        try check(.read)
        return try await base.reviewFigures(at: now)
    }

    func resend(_ id: RequestID, by eventID: UUID, at now: Date) async throws(StoreError) -> Resending {
        try check(.accept)
        return try await base.resend(id, by: eventID, at: now)
    }

    func expireJobs(endedBefore cutoff: Date, at now: Date, limit: Int) async throws(StoreError) -> Int {
        try check(.remove)
        return try await base.expireJobs(endedBefore: cutoff, at: now, limit: limit)
    }

    func erasePersonalData(acceptedBefore cutoff: Date, at now: Date, limit: Int) async throws(StoreError) -> Int {
        try check(.remove)
        return try await base.erasePersonalData(acceptedBefore: cutoff, at: now, limit: limit)
    }

    func erasePersonalData(of id: RequestID, force: Bool, at now: Date) async throws(StoreError) -> Erasure {
        try check(.remove)
        return try await base.erasePersonalData(of: id, force: force, at: now)
    }

    func removeStrayDeadLetters(
        recordedBefore: Date, resolvedBefore: Date, limit: Int
    ) async throws(StoreError) -> Int {
        try check(.remove)
        return try await base.removeStrayDeadLetters(
            recordedBefore: recordedBefore, resolvedBefore: resolvedBefore, limit: limit)
    }

    func removeEndpoints(recordedBefore: Date, limit: Int) async throws(StoreError) -> Int {
        try check(.remove)
        return try await base.removeEndpoints(recordedBefore: recordedBefore, limit: limit)
    }

    func truncateLog() async throws(StoreError) -> Bool {
        try check(.truncate)
        return try await base.truncateLog()
    }

    func apply(_ records: [ProgressRecord], isPatient: Bool) async throws(StoreError) -> [Bool] {
        try check(.apply)
        return try await base.apply(records, isPatient: isPatient)
    }

    func outbox(after sequence: Int64, limit: Int) async throws(StoreError) -> [OutboxEntry] {
        try check(.outbox)
        return try await base.outbox(after: sequence, limit: limit)
    }

    func removeFromOutbox(_ sequences: [Int64]) async throws(StoreError) {
        try check(.remove)
        try await base.removeFromOutbox(sequences)
        for sequence in sequences { removed.yield(sequence) }
    }

    func outboxStatus() async throws(StoreError) -> OutboxStatus { try await base.outboxStatus() }

    func deadLetters(
        _ filter: DeadLetterFilter, after: DeadLetterCursor?, limit: Int
    ) async throws(StoreError) -> [StoredDeadLetter] {
        try check(.read)
        return try await base.deadLetters(filter, after: after, limit: limit)
    }

    func deadLetterGroups(_ filter: DeadLetterFilter) async throws(StoreError) -> [DeadLetterGroup] {
        try check(.read)
        return try await base.deadLetterGroups(filter)
    }

    func deadLetters(_ id: UUID) async throws(StoreError) -> [StoredDeadLetter] {
        try check(.read)
        return try await base.deadLetters(id)
    }

    func requestCounts() async throws(StoreError) -> [RequestCounts] {
        try check(.read)
        return try await base.requestCounts()
    }

    func pending(
        notMovedSince cutoff: Date, after: RequestID?, limit: Int
    ) async throws(StoreError) -> [PendingRequest] {
        try check(.read)
        return try await base.pending(notMovedSince: cutoff, after: after, limit: limit)
    }

    func pendingCount(notMovedSince cutoff: Date) async throws(StoreError) -> Int {
        try check(.read)
        return try await base.pendingCount(notMovedSince: cutoff)
    }

    func publishAgain(_ id: RequestID, at now: Date) async throws(StoreError) -> Republication {
        try check(.accept)
        return try await base.publishAgain(id, at: now)
    }

    func checkWritable() async throws(StoreError) {
        try check(.probe)
        try await base.checkWritable()
    }
}

extension RequestStore {
    /// Waits for no company, which a test has none of.
    func apply(_ update: ProgressUpdate, to id: RequestID?) async throws(StoreError) -> Bool {
        try await apply([ProgressRecord(update: update, id: id)], isPatient: false)[0]
    }

    func removeFromOutbox(_ sequence: Int64) async throws(StoreError) { try await removeFromOutbox([sequence]) }
}
