/// What can go wrong between here and the broker. `description` holds no secret.
package struct BrokerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure; open.
    package struct Code: RawRepresentable, Sendable, Hashable {
        package var rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// No connection could be made: name resolution, TCP or TLS.
        package static let connectFailed = Code(rawValue: "connect-failed")
        /// The broker knows the user not, or not with this password, or not on this virtual host.
        package static let accessRefused = Code(rawValue: "access-refused")
        /// The connection broke, was closed by the broker, or fell silent.
        package static let connectionLost = Code(rawValue: "connection-lost")
        /// The broker closed the channel because of what was asked of it.
        package static let channelClosed = Code(rawValue: "channel-closed")
        /// An exchange or a queue that should be there is not.
        package static let topologyMissing = Code(rawValue: "topology-missing")
        /// The broker did not answer in time.
        package static let timedOut = Code(rawValue: "timed-out")
        /// No queue is bound for the published message (basic.return).
        package static let unroutable = Code(rawValue: "unroutable")
        /// A queue did not take the published message (basic.nack).
        package static let refused = Code(rawValue: "refused")
        /// The message cannot be sent: its properties do not fit into one frame, or a string is too long.
        package static let messageTooLarge = Code(rawValue: "message-too-large")
        /// The connection has been shut down here.
        package static let closed = Code(rawValue: "closed")
        /// The configuration cannot work.
        package static let badConfiguration = Code(rawValue: "bad-configuration")
    }

    package var code: Code
    /// One line for an operator.
    package var detail: String
    /// The reply code that the broker gave, e.g. 404 (AMQP 0-9-1, section 1.3).
    package var replyCode: UInt16?

    package init(_ code: Code, _ detail: String, replyCode: UInt16? = nil) {
        self.code = code
        self.detail = detail
        self.replyCode = replyCode
    }

    /// The broker broke the protocol: the connection cannot be trusted any longer, and comes back as a new one.
    static func protocolViolation(_ what: String) -> BrokerError {
        BrokerError(.connectionLost, "protocol error: \(what)")
    }

    package var description: String { "\(code.rawValue): \(detail)" }
}
