/// Puts the frames of one channel together to messages: method, header, then bodies until the announced size is there
/// (AMQP 0-9-1, section 4.2.6). Channels interleave, so each has an assembler of its own.
struct DeliveryAssembler: Sendable {
    /// What the method frame that starts a content says.
    enum Start: Sendable, Equatable {
        case deliver(tag: UInt64, isRedelivered: Bool, exchange: String, routingKey: String)
        case returned(code: UInt16, text: String, exchange: String, routingKey: String)
    }

    enum Action: Equatable {
        /// More frames are to come.
        case wait
        case complete(Start, Message, isOversized: Bool)
        /// The broker broke the protocol: the connection cannot be trusted any longer.
        case fail(String)
    }

    private enum State {
        case idle
        case header(Start)
        case body(Start, Message, missing: UInt64, isOversized: Bool)
    }

    private var state = State.idle
    private let maximumBodySize: Int

    init(maximumBodySize: Int) { self.maximumBodySize = maximumBodySize }

    mutating func receivedMethod(_ start: Start) -> Action {
        guard case .idle = state else { return .fail("a content begins inside another one") }
        state = .header(start)
        return .wait
    }

    mutating func receivedHeader(_ properties: MessageProperties, bodySize: UInt64) -> Action {
        guard case .header(let start) = state else { return .fail("a content header without a method") }
        let isOversized = bodySize > UInt64(maximumBodySize)
        var message = Message(properties: properties, body: [])
        guard bodySize > 0 else {
            state = .idle
            return .complete(start, message, isOversized: false)
        }
        if !isOversized { message.body.reserveCapacity(Int(bodySize)) }
        state = .body(start, message, missing: bodySize, isOversized: isOversized)
        return .wait
    }

    mutating func receivedBody(_ bytes: UnsafeRawBufferPointer) -> Action {
        guard case .body(let start, var message, let missing, let isOversized) = state else {
            return .fail("a content body without a header")
        }
        guard bytes.count <= missing else { return .fail("a content body is longer than announced") }
        state = .idle  // gives up the state's reference, so that the append does not copy
        if !isOversized { message.body.append(contentsOf: bytes) }
        let left = missing - UInt64(bytes.count)
        guard left > 0 else { return .complete(start, message, isOversized: isOversized) }
        state = .body(start, message, missing: left, isOversized: isOversized)
        return .wait
    }
}
