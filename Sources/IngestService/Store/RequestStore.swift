import Contracts

/// Where requests live. What a call has returned is on disk, and survives the process and the machine's power.
///
/// Every implementation passes the same conformance suite. Calls are safe from any number of tasks at once; writes
/// that are under way at the same time are committed together.
protocol RequestStore: Sendable {
    /// Writes a request together with its event, or neither.
    /// - Returns: which of the two it was: new, or sent before under the same provider and provider's request id.
    func accept(_ request: NewRequest, event: EventMessage) async throws(StoreError) -> Acceptance

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
    /// - Returns: whether there is such a request.
    func apply(_ update: ProgressUpdate, to id: RequestID) async throws(StoreError) -> Bool

    /// What waits to be published, oldest first.
    /// - Parameters:
    ///   - after: only entries behind this one.
    ///   - limit: how many at most.
    func outbox(after sequence: Int64, limit: Int) async throws(StoreError) -> [OutboxEntry]

    /// Removes an entry that the broker has confirmed. Removing it twice is no error.
    func removeFromOutbox(_ sequence: Int64) async throws(StoreError)

    func outboxStatus() async throws(StoreError) -> OutboxStatus

    /// Writes something small, to find out whether writing works.
    func checkWritable() async throws(StoreError)
}
