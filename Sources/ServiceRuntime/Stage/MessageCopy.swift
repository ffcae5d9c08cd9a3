import Broker
import Contracts

/// What a stage sends on of a message that it could not handle.
extension Message {
    /// Bytes that the headers of a copy take at most: half of a frame, since the broker adds its own at each death and
    /// sends the whole to whoever consumes it.
    static let headersLimit = 64 * 1024
    /// Bytes of one header's value where the whole is too long.
    private static let valueLimit = 1024

    /// A copy that the broker takes, whatever came, and that nothing in it can lead astray: without what the sender
    /// asked of the broker (a time to live, further queues) and without what the broker counted for the original.
    /// Headers that are too long together are shortened; then the foreign ones are left out from the end, and a header
    /// says how many were touched.
    func copy() -> Message {
        var copy = self
        copy.properties.isPersistent = true
        copy.properties.expiration = nil
        copy.properties.headers.fields.removeAll { Self.acting.contains($0.name) }
        copy.properties.headers.shorten(to: Self.headersLimit, eachTo: Self.valueLimit)
        return copy
    }

    /// Headers that mean something to the broker: further routing keys (https://www.rabbitmq.com/docs/sender-selected),
    /// and how often a message came back.
    private static let acting: Set<String> = ["CC", "BCC", returnsHeader, "x-acquired-count"]
}

extension FieldTable {
    fileprivate mutating func shorten(to limit: Int, eachTo valueLimit: Int) {
        guard encodedSize > limit else { return }
        var touched = 0
        for index in fields.indices {
            if fields[index].name.utf8.count > 255 {
                fields[index].name = fields[index].name.prefix(utf8Bytes: 255)
                touched += 1
            }
            guard let short = fields[index].value.shortened(to: valueLimit) else { continue }
            fields[index].value = short
            touched += 1
        }
        // What Intake reads is kept before what it does not know.
        var left = limit
        var kept: [Field] = []
        for isOwn in [true, false] {
            for field in fields where field.isOwn == isOwn {
                let size = FieldTable([field]).encodedSize
                guard size <= left else {
                    touched += 1
                    continue
                }
                left -= size
                kept.append(field)
            }
        }
        fields = kept
        self[DeliveryHeader.shortenedHeaders] = .int(Int64(touched))
    }
}

extension FieldTable.Field {
    fileprivate var isOwn: Bool {
        name.hasPrefix("cloudEvents:") || name.hasPrefix("intake-") || name == EventMessage.Header.traceParent
            || name == "x-death"
    }
}

extension FieldValue {
    /// - Returns: `nil` when it is short enough.
    fileprivate func shortened(to limit: Int) -> FieldValue? {
        guard encodedSize > limit + 5 else { return nil }
        return switch self {
        case .string(let text): .string(text.prefix(utf8Bytes: limit))
        case .bytes(let bytes): .bytes(Array(bytes.prefix(limit)))
        // Cut in the middle they would be something else.
        case .array, .table: .void
        case .bool, .int, .double, .timestamp, .decimal, .void: nil
        }
    }
}

extension String {
    /// The longest beginning of so many bytes that is whole characters of Unicode.
    fileprivate func prefix(utf8Bytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: limit)
        while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
