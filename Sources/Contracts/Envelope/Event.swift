package import struct Foundation.Date
package import struct Foundation.UUID

/// One fact: CloudEvents 1.0 context attributes and typed data.
package struct Event<Data: EventData>: Sendable, Equatable {
    /// Deterministic, see `EventID.derive`: a stage that runs twice emits the same id.
    package var id: UUID
    /// Who says so: a URI reference, `/intake/<stage>`.
    package var source: String
    /// When it was said.
    package var time: Date
    /// The request that it is about; CloudEvents `subject`.
    package var requestID: RequestID
    /// W3C Trace Context `traceparent`: where in its trace it was said. Passed on as it is by a stage that records no
    /// span of its own.
    package var traceParent: String?
    package var data: Data

    package init(
        id: UUID, source: String, time: Date, requestID: RequestID, traceParent: String? = nil, data: Data
    ) {
        self.id = id
        self.source = source
        self.time = time
        self.requestID = requestID
        self.traceParent = traceParent
        self.data = data
    }
}
