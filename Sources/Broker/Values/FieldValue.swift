/// A value of an AMQP field table, as RabbitMQ reads the types (AMQP 0-9-1 errata, section 3).
package enum FieldValue: Sendable, Equatable {
    case bool(Bool)
    /// Every signed and unsigned width up to 64 bits; written as a signed 64-bit integer.
    case int(Int64)
    case double(Double)
    /// UTF-8 text.
    case string(String)
    case bytes([UInt8])
    /// Seconds since 1970.
    case timestamp(UInt64)
    /// `value` × 10^−`scale`.
    case decimal(scale: UInt8, value: UInt32)
    case array([FieldValue])
    indirect case table(FieldTable)
    case void
}
