package import struct Foundation.Date
package import struct Foundation.UUID

/// The `data` of one event type: what the JSON body of a message holds.
///
/// Within a major version fields are only added. A reader ignores fields that it does not know and takes an absent
/// optional field for `nil`.
package protocol EventData: Fields {
    /// The CloudEvents `type` that this data belongs to.
    static var type: EventType { get }
    /// The CloudEvents `dataschema`: a URI reference whose last part is the major version.
    static var schema: String { get }

    /// CloudEvents' partitioning extension: whose the event is, when only that one's queue is to have it; one word of
    /// the routing key.
    var partitionKey: String? { get }

    /// The message of an event with this data, see `Event`. Nobody implements it: it is asked for here so that the
    /// compiler makes one for each type.
    /// - Throws: `ContractError` when the data holds what JSON cannot (a number that is not finite).
    func message(
        id: UUID, source: String, time: Date, requestID: RequestID, traceParent: String?
    ) throws(ContractError) -> EventMessage
}

extension EventData {
    package static var schema: String { "urn:intake:schema:\(type.rawValue):v1" }
    package var partitionKey: String? { nil }

    package func message(
        id: UUID, source: String, time: Date, requestID: RequestID, traceParent: String?
    ) throws(ContractError) -> EventMessage {
        try EventMessage(
            Event(id: id, source: source, time: time, requestID: requestID, traceParent: traceParent, data: self))
    }
}
