@testable import Broker

/// The ledger with names for tokens, and with outcomes as text.
extension PublishLedger where Token == String {
    /// Submits a message to exchange `x` with routing key `k`; its message id is its name unless told otherwise.
    @discardableResult
    mutating func add(_ name: String, messageID: String? = nil) -> UInt64 {
        var properties = MessageProperties()
        properties.messageID = messageID ?? name
        let id = issueIDs(1).lowerBound
        let message = Message(properties: properties, body: [])
        submit(Publication(message, exchange: "x", routingKey: "k"), id: id, token: name)
        return id
    }

    /// Sends whatever may be sent.
    /// - Returns: the message ids.
    mutating func sendAll() -> [String] {
        var sent: [String] = []
        while let entry = next() { sent.append(entry.publication.message.properties.messageID ?? "") }
        return sent
    }

    /// A confirm.
    /// - Returns: who is settled, and how.
    mutating func settle(_ tag: UInt64, multiple: Bool = false, isAck: Bool = true) -> [String] {
        guard let settled = settled(tag: tag, multiple: multiple, isAck: isAck) else { return ["never published"] }
        return settled.map { name, outcome in
            switch outcome {
            case .confirmed: "\(name) confirmed"
            case .refused: "\(name) refused"
            case .unroutable(let code, let text): "\(name) unroutable \(code) \(text)"
            case .rejected: "\(name) rejected"
            }
        }
    }

    /// The channel's end.
    /// - Returns: the culprit.
    mutating func lose(_ cause: BrokerError?) -> String? { channelLost(cause: cause)?.0 }
}

extension PublishLedger {
    /// The caller of one publish no longer waits.
    mutating func cancel(_ id: UInt64) -> Token? { cancel(id..<id + 1).first }
}
