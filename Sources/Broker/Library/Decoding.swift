import CAmqp

extension String {
    /// Copies text out of the library's memory; `nil` when it is not UTF-8.
    init?(utf8 bytes: UnsafeRawBufferPointer) {
        // Nearly all is ASCII, and that is seen many bytes at a time.
        if bytes.reduce(0, |) < 0x80 {
            self = String(decoding: bytes, as: UTF8.self)
        } else {
            guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
            self = text
        }
    }

    /// Copies text out of the library's memory. In text that is not UTF-8, each byte beyond ASCII becomes a question
    /// mark: it never takes more bytes than were there, so that it fits where it came from.
    init(_ bytes: amqp_bytes_t) {
        let bytes = UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len)
        self =
            String(utf8: bytes)
            ?? String(decoding: bytes.map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }
}

extension TextMemory {
    mutating func text(_ bytes: amqp_bytes_t) -> String {
        text(UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len)) ?? String(bytes)
    }
}

extension FieldValue {
    /// Deeper tables and arrays are not read: whoever handles a value may go down into it by recursion.
    static let deepest = 32

    /// - Parameter depth: how many tables and arrays are around it.
    init(_ field: amqp_field_value_t, depth: Int = 0, _ memory: inout TextMemory) {
        guard depth < Self.deepest else {
            self = .void
            return
        }
        switch amqp_field_value_kind_t(rawValue: UInt32(field.kind)) {
        case AMQP_FIELD_KIND_BOOLEAN: self = .bool(field.value.boolean != 0)
        case AMQP_FIELD_KIND_I8: self = .int(Int64(field.value.i8))
        case AMQP_FIELD_KIND_U8: self = .int(Int64(field.value.u8))
        case AMQP_FIELD_KIND_I16: self = .int(Int64(field.value.i16))
        case AMQP_FIELD_KIND_U16: self = .int(Int64(field.value.u16))
        case AMQP_FIELD_KIND_I32: self = .int(Int64(field.value.i32))
        case AMQP_FIELD_KIND_U32: self = .int(Int64(field.value.u32))
        case AMQP_FIELD_KIND_I64: self = .int(field.value.i64)
        case AMQP_FIELD_KIND_U64: self = .int(Int64(clamping: field.value.u64))
        case AMQP_FIELD_KIND_F32: self = .double(Double(field.value.f32))
        case AMQP_FIELD_KIND_F64: self = .double(field.value.f64)
        case AMQP_FIELD_KIND_DECIMAL:
            self = .decimal(scale: field.value.decimal.decimals, value: field.value.decimal.value)
        case AMQP_FIELD_KIND_UTF8:
            let bytes = UnsafeRawBufferPointer(start: field.value.bytes.bytes, count: field.value.bytes.len)
            // Foreign bytes stay what they are.
            self = memory.text(bytes).map { .string($0) } ?? .bytes([UInt8](bytes))
        case AMQP_FIELD_KIND_BYTES:
            let bytes = field.value.bytes
            self = .bytes([UInt8](UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len)))
        case AMQP_FIELD_KIND_TIMESTAMP: self = .timestamp(field.value.u64)
        case AMQP_FIELD_KIND_TABLE: self = .table(FieldTable(field.value.table, depth: depth + 1, &memory))
        case AMQP_FIELD_KIND_ARRAY:
            let array = UnsafeBufferPointer(
                start: field.value.array.entries, count: Int(field.value.array.num_entries))
            self = .array(array.map { FieldValue($0, depth: depth + 1, &memory) })
        default: self = .void
        }
    }
}

extension FieldTable {
    init(_ table: amqp_table_t, depth: Int = 0, _ memory: inout TextMemory) {
        self.init(
            UnsafeBufferPointer(start: table.entries, count: Int(table.num_entries)).map {
                Field(name: memory.text($0.key), value: FieldValue($0.value, depth: depth, &memory))
            })
    }
}

extension MessageProperties {
    init(_ properties: amqp_basic_properties_t, _ memory: inout TextMemory) {
        func has(_ flag: Int32) -> Bool { properties._flags & amqp_flags_t(bitPattern: flag) != 0 }
        if has(AMQP_BASIC_CONTENT_TYPE_FLAG) { contentType = memory.text(properties.content_type) }
        if has(AMQP_BASIC_CONTENT_ENCODING_FLAG) { contentEncoding = memory.text(properties.content_encoding) }
        if has(AMQP_BASIC_HEADERS_FLAG) { headers = FieldTable(properties.headers, &memory) }
        isPersistent = has(AMQP_BASIC_DELIVERY_MODE_FLAG) && properties.delivery_mode == 2
        if has(AMQP_BASIC_CORRELATION_ID_FLAG) { correlationID = memory.text(properties.correlation_id) }
        if has(AMQP_BASIC_REPLY_TO_FLAG) { replyTo = memory.text(properties.reply_to) }
        if has(AMQP_BASIC_EXPIRATION_FLAG) { expiration = memory.text(properties.expiration) }
        if has(AMQP_BASIC_MESSAGE_ID_FLAG) { messageID = memory.text(properties.message_id) }
        if has(AMQP_BASIC_TIMESTAMP_FLAG) { timestamp = properties.timestamp }
        if has(AMQP_BASIC_TYPE_FLAG) { type = memory.text(properties.type) }
        if has(AMQP_BASIC_APP_ID_FLAG) { appID = memory.text(properties.app_id) }
    }
}

extension InboundFrame {
    /// Reads a method frame.
    init(method: amqp_method_t, channel: UInt16, _ memory: inout TextMemory) {
        /// The struct that the library has decoded the method's arguments into; its type follows from the method's id.
        func arguments<Arguments>(_ type: Arguments.Type) -> Arguments {
            method.decoded.assumingMemoryBound(to: type).pointee
        }
        switch method.id {
        case CAMQP_BASIC_DELIVER:
            let deliver = arguments(amqp_basic_deliver_t.self)
            self = .content(
                channel: channel,
                .deliver(
                    tag: deliver.delivery_tag, isRedelivered: deliver.redelivered != 0,
                    exchange: memory.text(deliver.exchange), routingKey: memory.text(deliver.routing_key)),
                consumerTag: memory.text(deliver.consumer_tag))
        case CAMQP_BASIC_RETURN:
            let returned = arguments(amqp_basic_return_t.self)
            self = .content(
                channel: channel,
                .returned(
                    code: returned.reply_code, text: memory.text(returned.reply_text),
                    exchange: memory.text(returned.exchange),
                    routingKey: memory.text(returned.routing_key)),
                consumerTag: "")
        case CAMQP_BASIC_ACK:
            let ack = arguments(amqp_basic_ack_t.self)
            self = .settled(channel: channel, tag: ack.delivery_tag, multiple: ack.multiple != 0, isAck: true)
        case CAMQP_BASIC_NACK:
            let nack = arguments(amqp_basic_nack_t.self)
            self = .settled(channel: channel, tag: nack.delivery_tag, multiple: nack.multiple != 0, isAck: false)
        case CAMQP_BASIC_CANCEL:
            self = .consumerCancelled(
                channel: channel, consumerTag: memory.text(arguments(amqp_basic_cancel_t.self).consumer_tag))
        case CAMQP_CHANNEL_CLOSE:
            let close = arguments(amqp_channel_close_t.self)
            self = .channelClose(channel: channel, code: close.reply_code, text: memory.text(close.reply_text))
        case CAMQP_CONNECTION_CLOSE:
            let close = arguments(amqp_connection_close_t.self)
            self = .connectionClose(code: close.reply_code, text: memory.text(close.reply_text))
        case CAMQP_CONNECTION_BLOCKED:
            self = .blocked(reason: memory.text(arguments(amqp_connection_blocked_t.self).reason))
        case CAMQP_CONNECTION_UNBLOCKED: self = .unblocked
        case CAMQP_CONNECTION_CLOSE_OK: self = .answer(channel: channel, .connectionClosed)
        case CAMQP_CHANNEL_OPEN_OK: self = .answer(channel: channel, .channelOpened)
        case CAMQP_CHANNEL_CLOSE_OK: self = .answer(channel: channel, .channelClosed)
        case CAMQP_EXCHANGE_DECLARE_OK: self = .answer(channel: channel, .exchangeDeclared)
        case CAMQP_EXCHANGE_BIND_OK: self = .answer(channel: channel, .exchangeBound)
        case CAMQP_QUEUE_DECLARE_OK:
            let declared = arguments(amqp_queue_declare_ok_t.self)
            self = .answer(
                channel: channel,
                .queueDeclared(
                    name: memory.text(declared.queue), messages: declared.message_count,
                    consumers: declared.consumer_count))
        case CAMQP_QUEUE_BIND_OK: self = .answer(channel: channel, .queueBound)
        case CAMQP_QUEUE_UNBIND_OK: self = .answer(channel: channel, .queueUnbound)
        case CAMQP_QUEUE_DELETE_OK:
            self = .answer(
                channel: channel, .queueDeleted(messages: arguments(amqp_queue_delete_ok_t.self).message_count))
        case CAMQP_BASIC_QOS_OK: self = .answer(channel: channel, .qosSet)
        case CAMQP_BASIC_CONSUME_OK:
            self = .answer(
                channel: channel, .consuming(tag: memory.text(arguments(amqp_basic_consume_ok_t.self).consumer_tag)))
        case CAMQP_BASIC_CANCEL_OK: self = .answer(channel: channel, .cancelled)
        case CAMQP_CONFIRM_SELECT_OK: self = .answer(channel: channel, .confirming)
        default: self = .unknown(channel: channel)
        }
    }
}

extension ReadOutcome {
    /// What the library has read.
    init(_ frame: amqp_frame_t, _ memory: inout TextMemory) {
        switch Int32(frame.frame_type) {
        case AMQP_FRAME_METHOD:
            self = .frame(InboundFrame(method: frame.payload.method, channel: frame.channel, &memory))
        case AMQP_FRAME_HEADER:
            // Another class's properties lie behind the pointer as another, shorter struct.
            guard frame.payload.properties.class_id == UInt16(AMQP_BASIC_CLASS) else {
                self = .lost(.protocolViolation("a content that is no message"))
                return
            }
            let properties = frame.payload.properties.decoded.assumingMemoryBound(to: amqp_basic_properties_t.self)
            self = .frame(
                .header(
                    channel: frame.channel, MessageProperties(properties.pointee, &memory),
                    bodySize: frame.payload.properties.body_size))
        case AMQP_FRAME_BODY:
            let body = frame.payload.body_fragment
            self = .body(channel: frame.channel, UnsafeRawBufferPointer(start: body.bytes, count: body.len))
        default:
            self = .frame(.heartbeat)
        }
    }
}
