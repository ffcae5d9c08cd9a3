/// A message: properties and an opaque body.
package struct Message: Sendable, Equatable {
    package var properties: MessageProperties
    package var body: [UInt8]

    package init(properties: MessageProperties = MessageProperties(), body: [UInt8]) {
        self.properties = properties
        self.body = body
    }
}

/// A message and where it is to go.
package struct Publication: Sendable, Equatable {
    package var message: Message
    package var exchange: String
    package var routingKey: String

    package init(_ message: Message, exchange: String, routingKey: String) {
        self.message = message
        self.exchange = exchange
        self.routingKey = routingKey
    }
}

/// The properties of the class `basic` (AMQP 0-9-1, section 1.8). Strings are at most 255 bytes of UTF-8.
package struct MessageProperties: Sendable, Equatable {
    package var contentType: String?
    package var contentEncoding: String?
    package var headers: FieldTable = [:]
    /// Survives a restart of the broker when it is in a durable queue (delivery mode 2).
    package var isPersistent = true
    package var correlationID: String?
    package var replyTo: String?
    /// Time to live in milliseconds, as a decimal number.
    package var expiration: String?
    package var messageID: String?
    /// Seconds since 1970.
    package var timestamp: UInt64?
    package var type: String?
    package var appID: String?

    package init() {}
}
