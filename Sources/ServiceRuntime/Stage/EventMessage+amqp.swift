package import Broker
package import Contracts
package import Foundation

extension Message {
    /// An event's message with the properties that the management UI shows.
    /// - Parameter application: who publishes it, e.g. `intake-geocode`.
    package init(_ event: EventMessage, application: String) {
        self.init(body: event.body)
        properties.headers = FieldTable(
            event.headers.all.map { FieldTable.Field(name: $0.name, value: FieldValue($0.value)) })
        properties.contentType = EventMessage.contentType
        properties.messageID = event.headers[EventMessage.Header.id]?.string
        properties.type = event.headers[EventMessage.Header.type]?.string
        properties.correlationID = event.headers[EventMessage.Header.subject]?.string
        properties.timestamp = event.headers[EventMessage.Header.time]?.string.flatMap(Timestamp.date)
            .map { UInt64(clamping: $0.timeIntervalSince1970) }
        properties.appID = application
    }
}

extension Message {
    /// Where quorum queues count how often a message was handed out and came back
    /// (https://www.rabbitmq.com/docs/quorum-queues).
    static let returnsHeader = "x-delivery-count"

    /// How often it came back from a consumer: given back, or left behind by a crash.
    var returns: Int {
        guard case .int(let count) = properties.headers[Self.returnsHeader] else { return 0 }
        return Int(clamping: count)
    }

    /// Why and when the broker dead-lettered it last, other than for a time to live that ran out; `nil` when it never
    /// did.
    ///
    /// The header `x-death` has an entry for each queue and reason, the latest first
    /// (https://www.rabbitmq.com/docs/dlx#effects).
    package var death: (reason: String, at: Date?)? {
        guard case .array(let deaths) = properties.headers["x-death"] else { return nil }
        for case .table(let death) in deaths {
            guard case .string(let reason) = death["reason"], reason != "expired" else { continue }
            // A time that no calendar writes, with years of four digits, was not the broker's.
            guard case .timestamp(let seconds) = death["time"], seconds <= 253_402_300_799 else { return (reason, nil) }
            return (reason, Date(clampingSeconds: Double(seconds)))
        }
        return nil
    }
}

extension EventMessage {
    package init(_ message: Message) {
        self.init(
            headers: EventHeaders(
                message.properties.headers.fields.map {
                    EventHeaders.Header(name: $0.name, value: HeaderValue($0.value))
                }), body: message.body)
    }
}

extension FieldValue {
    /// A value that Intake did not interpret when it read it becomes void.
    package init(_ value: HeaderValue) {
        switch value {
        case .string(let text): self = .string(text)
        case .int(let number): self = .int(number)
        case .bool(let flag): self = .bool(flag)
        case .other: self = .void
        }
    }
}

extension HeaderValue {
    package init(_ value: FieldValue) {
        switch value {
        case .string(let text): self = .string(text)
        case .int(let number): self = .int(number)
        case .bool(let flag): self = .bool(flag)
        case .double, .bytes, .timestamp, .decimal, .array, .table, .void: self = .other
        }
    }
}
