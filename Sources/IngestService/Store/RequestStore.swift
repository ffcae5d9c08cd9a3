import Contracts

import struct Foundation.Date
import struct Foundation.UUID

/// Where requests live. What a call has returned is on disk, and survives the process and the machine's power.
///
/// Every implementation passes the same conformance suite. Calls are safe from any number of tasks at once; writes
/// that are under way at the same time are committed together.
protocol RequestStore: Sendable {
    /// Writes a request together with its event and the answer under its idempotency key, or none of them.
    /// - Parameter claim: looked up first, within the provider; a key older than `IdempotencyClaim.lifetime` when the
    ///   request was accepted is as if it were not there.
    /// - Returns: which it was: new, sent before under the same provider and provider's request id, or known by its key.
    func accept(
        _ request: NewRequest, event: EventMessage, claim: IdempotencyClaim?
    ) async throws(StoreError) -> Acceptance

    /// Removes idempotency keys that were first used before a time.
    /// - Parameter limit: how many at most.
    /// - Returns: how many.
    func removeExpiredIdempotencyKeys(before: Date, limit: Int) async throws(StoreError) -> Int

    /// The request with this id, whoever sent it; `nil` when there is none.
    func request(_ id: RequestID) async throws(StoreError) -> StoredRequest?

    /// The request with all that its job shows; `nil` when there is none.
    func job(_ id: RequestID) async throws(StoreError) -> StoredJob?

    /// Requests, newest first.
    /// - Parameters:
    ///   - filter: names a provider or an organisation at least.
    ///   - before: only what is older than this one.
    ///   - limit: how many at most.
    func requests(
        _ filter: RequestFilter, before: RequestID?, limit: Int
    ) async throws(StoreError) -> [StoredRequest]

    /// Requests that were accepted at a time or later, oldest first.
    /// - Parameters:
    ///   - since: `nil` for all.
    ///   - organization: `nil` for any.
    ///   - after: only what is younger than this one.
    ///   - limit: how many at most.
    func requests(
        acceptedSince since: Date?, of organization: String?, after: RequestID?, limit: Int
    ) async throws(StoreError) -> [StoredRequest]

    /// Takes a step with a request, and writes the event that tells the partner of it, or neither.
    /// - Parameter organization: whose staff asks; others' requests are not there.
    func changeStatus(
        of id: RequestID, within organization: String, _ change: StatusChange
    ) async throws(StoreError) -> StatusChangeOutcome

    /// Writes what a review came to, and the event that tells the partner of it, or neither. Of two that decide at once the
    /// first one wins, and the second one learns what that was.
    func decideReview(of id: RequestID, _ verdict: ReviewVerdict) async throws(StoreError) -> ReviewOutcome

    /// Reviews that wait for a person, the one with the nearest deadline first.
    /// - Parameters:
    ///   - after: only what comes behind this one.
    ///   - limit: how many at most.
    func openReviews(after: ReviewCursor?, limit: Int) async throws(StoreError) -> [StoredRequest]

    /// The nearest deadline of a review that nobody has decided, passed or not; `nil` when there is none.
    /// - Parameter after: only what is later; `nil` for any.
    func nextReviewDeadline(after: Date?) async throws(StoreError) -> Date?

    /// Decides reviews whose deadline has passed by what their organisation wants then, each together with its event.
    /// - Parameters:
    ///   - now: when that is.
    ///   - after: only what comes behind this one.
    ///   - limit: how many are looked at, at most.
    func decideOverdueReviews(
        at now: Date, after: OverdueReviews.Place?, limit: Int
    ) async throws(StoreError) -> OverdueReviews

    /// How many wait, and since when.
    func reviewFigures(at now: Date) async throws(StoreError) -> ReviewFigures

    /// Puts the newest thing that the partner is to be told into the outbox once more, under an id that nobody has seen.
    func resend(_ id: RequestID, by eventID: UUID, at now: Date) async throws(StoreError) -> Resending

    /// Forgets what jobs showed that ended before a time: they were told, and nothing has happened since, or an operator has
    /// discarded what they died of. That there was such a request, and what was decided, stays.
    /// - Returns: how many.
    func expireJobs(endedBefore cutoff: Date, at now: Date, limit: Int) async throws(StoreError) -> Int

    /// Erases what is personal in requests that were accepted before a time and are settled: told, or dead.
    /// - Returns: how many.
    func erasePersonalData(acceptedBefore cutoff: Date, at now: Date, limit: Int) async throws(StoreError) -> Int

    /// Erases what is personal in one request.
    /// - Parameter force: also while the street is needed; the event that has it goes out all the same.
    func erasePersonalData(of id: RequestID, force: Bool, at now: Date) async throws(StoreError) -> Erasure

    /// Removes dead letters that name no request, or none that is here.
    /// - Parameters:
    ///   - recordedBefore: those that wait for an operator.
    ///   - resolvedBefore: those that an operator has replayed or discarded.
    /// - Returns: how many.
    func removeStrayDeadLetters(
        recordedBefore: Date, resolvedBefore: Date, limit: Int
    ) async throws(StoreError) -> Int

    /// Forgets partners' endpoints of which nothing was heard since a time.
    /// - Returns: how many.
    func removeEndpoints(recordedBefore: Date, limit: Int) async throws(StoreError) -> Int

    /// Has what was erased leave the log beside the file. Waits for nobody who reads.
    /// - Returns: whether it has; `false` while somebody reads or writes what is in the log.
    func truncateLog() async throws(StoreError) -> Bool

    /// Records facts about requests, all of them or none. Facts may come in any order and any number of times; of two of the
    /// same kind the one that happened later stays.
    /// - Parameter isPatient: whether they may wait a moment to be committed with others.
    /// - Returns: for each fact, whether there is such a request.
    func apply(_ records: [ProgressRecord], isPatient: Bool) async throws(StoreError) -> [Bool]

    /// What waits to be published, oldest first.
    /// - Parameters:
    ///   - after: only entries behind this one.
    ///   - limit: how many at most.
    func outbox(after sequence: Int64, limit: Int) async throws(StoreError) -> [OutboxEntry]

    /// Removes entries that the broker has confirmed. Removing one twice is no error.
    func removeFromOutbox(_ sequences: [Int64]) async throws(StoreError)

    func outboxStatus() async throws(StoreError) -> OutboxStatus

    /// What stages gave up, those that died first at the top.
    /// - Parameters:
    ///   - after: only what comes behind this one.
    ///   - limit: how many at most.
    func deadLetters(
        _ filter: DeadLetterFilter, after: DeadLetterCursor?, limit: Int
    ) async throws(StoreError) -> [StoredDeadLetter]

    /// How many there are of each stage and reason.
    func deadLetterGroups(_ filter: DeadLetterFilter) async throws(StoreError) -> [DeadLetterGroup]

    /// Every dead letter with this id, or about the request with this id.
    func deadLetters(_ id: UUID) async throws(StoreError) -> [StoredDeadLetter]

    /// How many requests are where, all counted at one moment.
    func requestCounts() async throws(StoreError) -> [RequestCounts]

    /// Requests that are under way, oldest first.
    /// - Parameters:
    ///   - cutoff: only what has not moved since then.
    ///   - after: only what is younger than this one.
    ///   - limit: how many at most.
    func pending(
        notMovedSince cutoff: Date, after: RequestID?, limit: Int
    ) async throws(StoreError) -> [PendingRequest]

    /// How many requests are under way that have not moved since then.
    func pendingCount(notMovedSince cutoff: Date) async throws(StoreError) -> Int

    /// Puts the event of the stage where a request stopped into the outbox once more, unless it is there.
    /// - Parameter now: when that is.
    func publishAgain(_ id: RequestID, at now: Date) async throws(StoreError) -> Republication

    /// Writes something small, to find out whether writing works.
    func checkWritable() async throws(StoreError)
}

extension RequestStore {
    /// A provider's requests, newest first.
    func requests(
        of provider: String, before: RequestID?, limit: Int
    ) async throws(StoreError) -> [StoredRequest] {
        try await requests(RequestFilter(provider: provider), before: before, limit: limit)
    }

    /// Writes a request that came without an idempotency key.
    func accept(_ request: NewRequest, event: EventMessage) async throws(StoreError) -> Acceptance {
        try await accept(request, event: event, claim: nil)
    }
}

/// What became of a request that was to be written.
enum Acceptance: Sendable, Equatable {
    /// It is on disk together with its event.
    case accepted(OutboxEntry)
    /// The provider has sent this id before; this is the request that it got then.
    case duplicate(of: RequestID)
    /// It came under the same idempotency key before; this is what was answered then.
    case replayed(IdempotentAnswer)
    /// Something else came under the same idempotency key before.
    case keyReused
}
