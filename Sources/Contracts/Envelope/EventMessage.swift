package import struct Foundation.Date
package import struct Foundation.UUID

/// An event as it goes over AMQP: CloudEvents 1.0 in binary mode (CloudEvents AMQP binding, section 3.1), with the
/// attributes as headers `cloudEvents:<name>` and the JSON data alone as body.
///
/// The AMQP properties repeat what the RabbitMQ management UI shows: message id, type, timestamp, content type, app id
/// and correlation id (the request).
package struct EventMessage: Sendable, Equatable {
    package var headers: EventHeaders
    package var body: [UInt8]

    package init(headers: EventHeaders, body: [UInt8]) {
        self.headers = headers
        self.body = body
    }

    /// Names of the headers that carry CloudEvents attributes and the trace.
    package enum Header {
        package static let id = "cloudEvents:id"
        package static let source = "cloudEvents:source"
        package static let type = "cloudEvents:type"
        package static let specVersion = "cloudEvents:specversion"
        package static let time = "cloudEvents:time"
        package static let subject = "cloudEvents:subject"
        package static let dataSchema = "cloudEvents:dataschema"
        package static let partitionKey = "cloudEvents:partitionkey"
        package static let traceParent = "traceparent"
    }

    package static let contentType = "application/json"
    package static let specVersion = "1.0"
}

extension EventMessage {
    /// Writes an event.
    /// - Throws: `ContractError` when the data holds what JSON cannot (a number that is not finite).
    package init<Data: EventData>(_ event: Event<Data>) throws(ContractError) {
        headers = [
            Header.id: .string(event.id.canonical),
            Header.source: .string(event.source),
            Header.type: .string(Data.type.rawValue),
            Header.specVersion: .string(Self.specVersion),
            Header.time: .string(Timestamp.string(event.time)),
            Header.subject: .string(event.requestID.description),
            Header.dataSchema: .string(Data.schema),
        ]
        if let key = event.data.partitionKey { headers[Header.partitionKey] = .string(key) }
        if let traceParent = event.traceParent { headers[Header.traceParent] = .string(traceParent) }
        body = try FieldCoder.write(event.data)
    }

    /// The event's id, read from the headers.
    package var id: UUID? { headers[Header.id]?.string.flatMap(UUID.init(canonical:)) }
    /// The request that the event is about, read from the headers.
    package var requestID: RequestID? { headers[Header.subject]?.string.flatMap(RequestID.init) }
    /// The event's type, read from the headers; `nil` when absent or not known here.
    package var type: EventType? { headers[Header.type]?.string.flatMap(EventType.init(rawValue:)) }
    /// Whether it is `<type>.v<n>` of a type that is known here: a breaking change of it, published beside the old one
    /// while services are deployed one by one.
    package var isOfNewerVersion: Bool {
        guard let name = headers[Header.type]?.string, let dot = name.lastIndex(of: ".") else { return false }
        let version = name[name.index(after: dot)...]
        guard version.first == "v", Int(foreign: version.dropFirst(), in: 2 ... .max) != nil else { return false }
        return EventType(rawValue: String(name[..<dot])) != nil
    }
    /// Whose the event is, see `EventData.partitionKey`.
    package var partitionKey: String? { headers[Header.partitionKey]?.string }
    /// Passed on from event to event; longer ones than any version of the standard has are not
    /// (https://www.w3.org/TR/trace-context/#traceparent-header).
    package var traceParent: String? {
        get { headers[Header.traceParent]?.string.flatMap { $0.utf8.count <= 256 ? $0 : nil } }
        set { headers[Header.traceParent] = newValue.map(HeaderValue.string) }
    }
    /// What it is published by: its type, and after a dot the partition key if it has one.
    package var routingKey: String {
        let type = headers[Header.type]?.string ?? ""
        return partitionKey.map { "\(type).\($0)" } ?? type
    }
}

extension Event {
    /// Reads an event.
    /// - Throws: `ContractError` when an attribute is absent or wrong, the type is another one, or the body does not
    ///   fit.
    package init(_ message: EventMessage) throws(ContractError) {
        typealias Header = EventMessage.Header
        guard message.headers[Header.specVersion]?.string == EventMessage.specVersion else {
            throw ContractError(code: .badAttribute, detail: Header.specVersion)
        }
        guard let type = message.headers[Header.type]?.string else {
            throw ContractError(code: .badAttribute, detail: Header.type)
        }
        guard type == Data.type.rawValue else {
            throw ContractError(code: .unexpectedType, detail: "expected \(Data.type.rawValue)")
        }
        guard let id = message.id else { throw ContractError(code: .badAttribute, detail: Header.id) }
        guard let source = message.headers[Header.source]?.string, !source.isEmpty else {
            throw ContractError(code: .badAttribute, detail: Header.source)
        }
        guard let requestID = message.requestID else {
            throw ContractError(code: .badAttribute, detail: Header.subject)
        }
        guard let time = message.headers[Header.time]?.string.flatMap(Timestamp.date) else {
            throw ContractError(code: .badAttribute, detail: Header.time)
        }
        self.init(
            id: id, source: source, time: time, requestID: requestID,
            traceParent: message.traceParent,
            data: try FieldCoder.read(Data.self, from: message.body))
    }
}
