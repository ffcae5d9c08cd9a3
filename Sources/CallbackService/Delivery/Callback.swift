import Contracts
import NIOCore

/// What one partner is told about one request.
struct Callback: Sendable, Equatable {
    /// Where, with the partner's id of the request in it.
    var url: String
    /// JSON.
    var body: ByteBuffer
    /// The same on every attempt, so that the partner recognises a repetition: sent as `Idempotency-Key`, and as
    /// `webhook-id` when it is signed.
    var idempotencyKey: String
    /// Whether it is an operator's trial, which speaks of no request.
    var isTest = false
    /// Where in its trace the partner is told; `nil` when nobody records the trace.
    var place: TraceParent?
}
