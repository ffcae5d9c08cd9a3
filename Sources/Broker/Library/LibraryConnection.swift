import CAmqp
import Glibc

/// One TCP connection in the hands of librabbitmq, and the only type that calls it.
///
/// It belongs to one thread from `open` to `deinit`; it is not `Sendable`, and the actor that holds it lives on that
/// thread. Everything is copied out of the library's memory before the next call.
struct LibraryConnection: ~Copyable {
    let state: amqp_connection_state_t
    var arena = Arena()
    private var memory = TextMemory()
    /// What the next flush writes.
    private var outgoing = FrameBuffer()
    /// What goes through TLS, the library itself has to write.
    var isSecure = false
    /// The largest frame that both sides agreed on, bytes.
    var frameSize = Int(AMQP_DEFAULT_FRAME_SIZE)
    /// The largest frame that is taken, bytes.
    var takenFrameSize = Int(AMQP_DEFAULT_FRAME_SIZE)

    /// Bytes that the broker may add to a message's headers: `x-death` has an entry for each queue that it died in.
    static let roomForHeaders = 128 * 1024

    init(_ state: amqp_connection_state_t) { self.state = state }

    deinit {
        // Frees the socket too; without a farewell, which is sent as a method while the connection still stands.
        amqp_destroy_connection(state)
    }

    /// -1 once the library has closed the socket.
    var descriptor: Int32 { amqp_get_sockfd(state) }

    /// Frames wait in the library's memory, which no poll on the socket will show.
    var hasBufferedInput: Bool { amqp_frames_enqueued(state) != 0 || amqp_data_in_buffer(state) != 0 }

    /// How often each side says something, as both have agreed; zero for never.
    var heartbeat: Duration { .seconds(Int(amqp_get_heartbeat(state))) }

    /// What the socket would do now without waiting. A socket that is writable takes at least a third of its buffer,
    /// some 30 KB (Linux).
    func readiness() -> (canRead: Bool, canWrite: Bool) {
        var socket = pollfd(fd: descriptor, events: Int16(POLLIN | POLLOUT), revents: 0)
        guard poll(&socket, 1, 0) > 0 else { return (false, false) }
        return (socket.revents & Int16(POLLIN) != 0, socket.revents & Int16(POLLOUT) != 0)
    }

    /// Writes have no deadline. So TCP itself gives a peer up that takes nothing, dead or just not
    /// reading (RFC 5482; Linux counts zero-window probes too): a blocked write then fails and the thread goes on. Not
    /// so while the broker has said that it will not read; whether it lives, its heartbeats tell.
    func expectStalls(_ areExpected: Bool) {
        var milliseconds = areExpected ? 0 : UInt32(clamping: heartbeat.components.seconds * 1500)
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds, socklen_t(MemoryLayout<UInt32>.size))
    }

    /// Writes what was sent and published. Blocks when the socket's buffer is full, at most until TCP gives the peer
    /// up.
    /// - Throws: `connectionLost`; the connection is then of no use any longer.
    mutating func flush() throws(BrokerError) {
        guard !outgoing.isEmpty else { return }
        let error = outgoing.write(to: descriptor)
        guard error == 0 else {
            throw BrokerError(.connectionLost, "send: \(String(cString: strerror(error)))")
        }
    }

    /// Sends a method, with the next flush at the latest.
    /// - Throws: `connectionLost`; the connection is then of no use any longer.
    mutating func send(_ method: OutboundMethod, channel: UInt16) throws(BrokerError) {
        defer { arena.reset() }
        try check(sendStatus(method, channel: channel), "send")
    }

    /// Publishes `mandatory`, with the next flush at the latest.
    /// - Throws: `messageTooLarge` with nothing sent; `connectionLost`.
    mutating func publish(_ publication: Publication, channel: UInt16) throws(BrokerError) {
        defer { arena.reset() }
        let message = publication.message
        try checkSize(publication)
        var properties = arena.properties(message.properties)
        let (exchange, key) = (arena.bytes(publication.exchange), arena.bytes(publication.routingKey))
        if isSecure {
            // The library would cut the body into frames as large as those that it takes.
            guard takenFrameSize == frameSize || message.body.count + 64 <= frameSize else {
                throw BrokerError(.messageTooLarge, "the body does not fit into a frame of \(frameSize) bytes")
            }
            let status = message.body.withUnsafeBytes { body in
                // The library only reads through the pointer.
                amqp_basic_publish(
                    state, channel, exchange, key, 1, 0, &properties,
                    amqp_bytes_t(len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress)))
            }
            return try check(status, "publish")
        }
        var publish = amqp_basic_publish_t(
            ticket: 0, exchange: exchange, routing_key: key, mandatory: 1, immediate: 0)
        try check(
            outgoing.add(method: CAMQP_BASIC_PUBLISH, &publish, channel: channel, limit: frameSize), "publish")
        let status = message.body.withUnsafeBytes { body in
            outgoing.add(content: &properties, body: body, channel: channel, limit: frameSize)
        }
        try check(status, "publish")
    }

    /// Looks for one frame without waiting. This also drives the heartbeats in both directions.
    mutating func read() -> ReadOutcome {
        var frame = amqp_frame_t()
        var immediately = timeval(tv_sec: 0, tv_usec: 0)
        let status = amqp_simple_wait_frame_noblock(state, &frame, &immediately)
        guard status == AMQP_STATUS_OK.rawValue else {
            return status == AMQP_STATUS_TIMEOUT.rawValue
                ? .drained : .lost(BrokerError(.connectionLost, Self.text(status)))
        }
        return ReadOutcome(frame, &memory)
    }

    /// Gives back the memory behind the frames of a channel that have been handled.
    mutating func release(channel: UInt16) {
        amqp_maybe_release_buffers_on_channel(state, channel)
    }

    // MARK: Sending

    private mutating func sendStatus(_ method: OutboundMethod, channel: UInt16) -> Int32 {
        func send(_ id: amqp_method_number_t, _ arguments: UnsafeMutableRawPointer) -> Int32 {
            isSecure
                ? amqp_send_method(state, channel, id, arguments)
                : outgoing.add(method: id, arguments, channel: channel, limit: frameSize)
        }
        switch method {
        case .channelOpen:
            var open = amqp_channel_open_t(out_of_band: amqp_empty_bytes)
            return send(CAMQP_CHANNEL_OPEN, &open)
        case .channelClose:
            var close = amqp_channel_close_t()
            close.reply_code = UInt16(AMQP_REPLY_SUCCESS)
            return send(CAMQP_CHANNEL_CLOSE, &close)
        case .channelCloseOk:
            var closed = amqp_channel_close_ok_t()
            return send(CAMQP_CHANNEL_CLOSE_OK, &closed)
        case .exchangeDeclare(let exchange, let isPassive):
            var declare = amqp_exchange_declare_t()
            declare.exchange = arena.bytes(exchange.name)
            declare.type = arena.bytes(exchange.kind)
            declare.passive = isPassive ? 1 : 0
            declare.durable = 1
            declare.arguments = arena.table(exchange.arguments)
            return send(CAMQP_EXCHANGE_DECLARE, &declare)
        case .exchangeBind(let binding):
            var bind = amqp_exchange_bind_t()
            bind.destination = arena.bytes(binding.destination)
            bind.source = arena.bytes(binding.source)
            bind.routing_key = arena.bytes(binding.routingKey)
            return send(CAMQP_EXCHANGE_BIND, &bind)
        case .queueDeclare(let queue, let isPassive):
            var declare = amqp_queue_declare_t()
            declare.queue = arena.bytes(queue.name)
            declare.passive = isPassive ? 1 : 0
            declare.durable = queue.isDurable ? 1 : 0
            declare.exclusive = queue.isExclusive ? 1 : 0
            declare.arguments = arena.table(queue.arguments)
            return send(CAMQP_QUEUE_DECLARE, &declare)
        case .queueBind(let binding):
            var bind = amqp_queue_bind_t()
            bind.queue = arena.bytes(binding.queue)
            bind.exchange = arena.bytes(binding.exchange)
            bind.routing_key = arena.bytes(binding.routingKey)
            return send(CAMQP_QUEUE_BIND, &bind)
        case .queueUnbind(let binding):
            var unbind = amqp_queue_unbind_t()
            unbind.queue = arena.bytes(binding.queue)
            unbind.exchange = arena.bytes(binding.exchange)
            unbind.routing_key = arena.bytes(binding.routingKey)
            return send(CAMQP_QUEUE_UNBIND, &unbind)
        case .queueDelete(let name):
            var delete = amqp_queue_delete_t()
            delete.queue = arena.bytes(name)
            return send(CAMQP_QUEUE_DELETE, &delete)
        case .basicQos(let prefetch):
            var qos = amqp_basic_qos_t()
            qos.prefetch_count = prefetch
            return send(CAMQP_BASIC_QOS, &qos)
        case .basicConsume(let queue, let consumerTag):
            var consume = amqp_basic_consume_t()
            consume.queue = arena.bytes(queue)
            consume.consumer_tag = arena.bytes(consumerTag)
            return send(CAMQP_BASIC_CONSUME, &consume)
        case .basicCancel(let consumerTag):
            var cancel = amqp_basic_cancel_t()
            cancel.consumer_tag = arena.bytes(consumerTag)
            return send(CAMQP_BASIC_CANCEL, &cancel)
        case .basicAck(let tag, let multiple):
            var ack = amqp_basic_ack_t(delivery_tag: tag, multiple: multiple ? 1 : 0)
            return send(CAMQP_BASIC_ACK, &ack)
        case .basicReject(let tag, let requeue):
            var reject = amqp_basic_reject_t(delivery_tag: tag, requeue: requeue ? 1 : 0)
            return send(CAMQP_BASIC_REJECT, &reject)
        case .confirmSelect:
            var select = amqp_confirm_select_t()
            return send(CAMQP_CONFIRM_SELECT, &select)
        case .connectionClose:
            var close = amqp_connection_close_t()
            close.reply_code = UInt16(AMQP_REPLY_SUCCESS)
            return send(CAMQP_CONNECTION_CLOSE, &close)
        case .connectionCloseOk:
            var closed = amqp_connection_close_ok_t()
            return send(CAMQP_CONNECTION_CLOSE_OK, &closed)
        }
    }

    /// A publish that fails half-way costs the connection, and sent again would cost the next one too. So what cannot
    /// be written is found out before: strings of at most 255 bytes, and properties that fit into one frame.
    private func checkSize(_ publication: Publication) throws(BrokerError) {
        let properties = publication.message.properties
        let strings = [
            publication.exchange, publication.routingKey, properties.contentType, properties.contentEncoding,
            properties.correlationID,
            properties.replyTo, properties.expiration, properties.messageID, properties.type, properties.appID,
        ]
        var size = 0
        for case let string? in strings {
            guard string.utf8.count <= 255 else {
                throw BrokerError(.messageTooLarge, "a property is longer than 255 bytes")
            }
            size += string.utf8.count + 1
        }
        let headers = properties.headers
        guard headers.hasShortNames else {
            throw BrokerError(.messageTooLarge, "a header's name is longer than 255 bytes")
        }
        size += headers.encodedSize
        guard size + 64 <= frameSize else {
            throw BrokerError(.messageTooLarge, "the headers do not fit into a frame of \(frameSize) bytes")
        }
    }

    private func check(_ status: Int32, _ call: String) throws(BrokerError) {
        guard status != AMQP_STATUS_OK.rawValue else { return }
        throw BrokerError(.connectionLost, "\(call): \(Self.text(status))")
    }

    static func text(_ status: Int32) -> String {
        String(cString: amqp_error_string2(status))
    }
}

extension FieldTable {
    /// Whether each name, at any depth, fits into the octet that its length gets.
    fileprivate var hasShortNames: Bool {
        fields.allSatisfy { $0.name.utf8.count <= 255 && $0.value.hasShortNames }
    }

    /// Bytes that the table takes on the wire.
    package var encodedSize: Int {
        fields.reduce(4) { $0 + 1 + $1.name.utf8.count + $1.value.encodedSize }
    }
}

extension FieldValue {
    /// Whether each name, at any depth, fits into the octet that its length gets.
    fileprivate var hasShortNames: Bool {
        switch self {
        case .array(let values): values.allSatisfy(\.hasShortNames)
        case .table(let table): table.hasShortNames
        case .void, .bool, .decimal, .int, .double, .timestamp, .string, .bytes: true
        }
    }

    /// Bytes that the value takes on the wire, its type octet included.
    package var encodedSize: Int {
        switch self {
        case .void: 1
        case .bool: 2
        case .decimal: 6
        case .int, .double, .timestamp: 9
        case .string(let text): 5 + text.utf8.count
        case .bytes(let bytes): 5 + bytes.count
        case .array(let values): values.reduce(5) { $0 + $1.encodedSize }
        case .table(let table): 1 + table.encodedSize
        }
    }
}
