/// A frame that the library has read, copied out of its memory.
enum InboundFrame: Sendable {
    /// A method that starts a content: header and bodies follow on the same channel.
    case content(channel: UInt16, DeliveryAssembler.Start, consumerTag: String)
    case header(channel: UInt16, MessageProperties, bodySize: UInt64)
    case answer(channel: UInt16, Answer)
    /// basic.ack or basic.nack for what was published.
    case settled(channel: UInt16, tag: UInt64, multiple: Bool, isAck: Bool)
    /// basic.cancel: the broker has ended the consumer.
    case consumerCancelled(channel: UInt16, consumerTag: String)
    case channelClose(channel: UInt16, code: UInt16, text: String)
    case connectionClose(code: UInt16, text: String)
    case blocked(reason: String)
    case unblocked
    case heartbeat
    /// A method that answers nothing that this client ever asks.
    case unknown(channel: UInt16)
}

/// What one look at the socket has brought.
enum ReadOutcome {
    case frame(InboundFrame)
    /// A part of a body, to be handled before the library's memory is released.
    case body(channel: UInt16, UnsafeRawBufferPointer)
    /// Nothing more for now.
    case drained
    case lost(BrokerError)
}
