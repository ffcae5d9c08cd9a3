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

    /// A provider's requests, newest first.
    /// - Parameters:
    ///   - before: only what is older than this one.
    ///   - limit: how many at most.
    func requests(
        of provider: String, before: RequestID?, limit: Int
    ) async throws(StoreError) -> [StoredRequest]

    /// Records a fact about a request. Facts may come in any order and any number of times; of two of the same kind the
    /// one that happened later stays.
    /// - Parameter id: `nil` for a dead letter that names no request, which is kept all the same.
    /// - Returns: whether there is such a request.
    func apply(_ update: ProgressUpdate, to id: RequestID?) async throws(StoreError) -> Bool

    /// What waits to be published, oldest first.
    /// - Parameters:
    ///   - after: only entries behind this one.
    ///   - limit: how many at most.
    func outbox(after sequence: Int64, limit: Int) async throws(StoreError) -> [OutboxEntry]

    /// Removes an entry that the broker has confirmed. Removing it twice is no error.
    func removeFromOutbox(_ sequence: Int64) async throws(StoreError)

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
    func conservation() async throws(StoreError) -> [Conservation]

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
    /// Writes a request that came without an idempotency key.
    func accept(_ request: NewRequest, event: EventMessage) async throws(StoreError) -> Acceptance {
        try await accept(request, event: event, claim: nil)
    }
}
