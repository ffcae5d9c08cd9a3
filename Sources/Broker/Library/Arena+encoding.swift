import CAmqp

extension Arena {
    mutating func bytes(_ string: String) -> amqp_bytes_t {
        var string = string
        return string.withUTF8 { bytes(UnsafeRawBufferPointer($0)) }
    }

    mutating func bytes(_ buffer: UnsafeRawBufferPointer) -> amqp_bytes_t {
        guard buffer.count > 0 else { return amqp_empty_bytes }
        let copy = allocate(bytes: buffer.count, alignment: 1)
        copy.copyMemory(from: buffer.baseAddress.unsafelyUnwrapped, byteCount: buffer.count)
        return amqp_bytes_t(len: buffer.count, bytes: copy)
    }

    mutating func table(_ table: FieldTable) -> amqp_table_t {
        guard !table.fields.isEmpty else { return amqp_empty_table }
        let entries = allocate(table.fields.count, of: amqp_table_entry_t.self)
        for (index, field) in table.fields.enumerated() {
            entries[index] = amqp_table_entry_t(key: bytes(field.name), value: self.field(field.value))
        }
        return amqp_table_t(num_entries: Int32(table.fields.count), entries: entries)
    }

    mutating func field(_ value: FieldValue) -> amqp_field_value_t {
        var field = amqp_field_value_t()
        switch value {
        case .bool(let flag):
            field.kind = UInt8(AMQP_FIELD_KIND_BOOLEAN.rawValue)
            field.value.boolean = flag ? 1 : 0
        case .int(let number):
            field.kind = UInt8(AMQP_FIELD_KIND_I64.rawValue)
            field.value.i64 = number
        case .double(let number):
            field.kind = UInt8(AMQP_FIELD_KIND_F64.rawValue)
            field.value.f64 = number
        case .string(let text):
            field.kind = UInt8(AMQP_FIELD_KIND_UTF8.rawValue)
            field.value.bytes = bytes(text)
        case .bytes(let raw):
            field.kind = UInt8(AMQP_FIELD_KIND_BYTES.rawValue)
            field.value.bytes = raw.withUnsafeBytes { bytes($0) }
        case .timestamp(let seconds):
            field.kind = UInt8(AMQP_FIELD_KIND_TIMESTAMP.rawValue)
            field.value.u64 = seconds
        case .decimal(let scale, let number):
            field.kind = UInt8(AMQP_FIELD_KIND_DECIMAL.rawValue)
            field.value.decimal = amqp_decimal_t(decimals: scale, value: number)
        case .array(let values):
            let entries = allocate(values.count, of: amqp_field_value_t.self)
            for (index, value) in values.enumerated() { entries[index] = self.field(value) }
            field.kind = UInt8(AMQP_FIELD_KIND_ARRAY.rawValue)
            field.value.array = amqp_array_t(num_entries: Int32(values.count), entries: entries)
        case .table(let nested):
            field.kind = UInt8(AMQP_FIELD_KIND_TABLE.rawValue)
            field.value.table = table(nested)
        case .void:
            field.kind = UInt8(AMQP_FIELD_KIND_VOID.rawValue)
        }
        return field
    }

    mutating func properties(_ properties: MessageProperties) -> amqp_basic_properties_t {
        var encoded = amqp_basic_properties_t()
        func flag(_ value: Int32) { encoded._flags |= amqp_flags_t(bitPattern: value) }
        if let text = properties.contentType {
            flag(AMQP_BASIC_CONTENT_TYPE_FLAG)
            encoded.content_type = bytes(text)
        }
        if let text = properties.contentEncoding {
            flag(AMQP_BASIC_CONTENT_ENCODING_FLAG)
            encoded.content_encoding = bytes(text)
        }
        if !properties.headers.fields.isEmpty {
            flag(AMQP_BASIC_HEADERS_FLAG)
            encoded.headers = table(properties.headers)
        }
        flag(AMQP_BASIC_DELIVERY_MODE_FLAG)
        encoded.delivery_mode = properties.isPersistent ? 2 : 1
        if let text = properties.correlationID {
            flag(AMQP_BASIC_CORRELATION_ID_FLAG)
            encoded.correlation_id = bytes(text)
        }
        if let text = properties.replyTo {
            flag(AMQP_BASIC_REPLY_TO_FLAG)
            encoded.reply_to = bytes(text)
        }
        if let text = properties.expiration {
            flag(AMQP_BASIC_EXPIRATION_FLAG)
            encoded.expiration = bytes(text)
        }
        if let text = properties.messageID {
            flag(AMQP_BASIC_MESSAGE_ID_FLAG)
            encoded.message_id = bytes(text)
        }
        if let seconds = properties.timestamp {
            flag(AMQP_BASIC_TIMESTAMP_FLAG)
            encoded.timestamp = seconds
        }
        if let text = properties.type {
            flag(AMQP_BASIC_TYPE_FLAG)
            encoded.type = bytes(text)
        }
        if let text = properties.appID {
            flag(AMQP_BASIC_APP_ID_FLAG)
            encoded.app_id = bytes(text)
        }
        return encoded
    }
}
