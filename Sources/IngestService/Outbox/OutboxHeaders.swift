import Contracts

/// An event's headers as the outbox keeps them: one JSON object.
enum OutboxHeaders {
    /// Leaves out kinds that only a broker adds; an event that is not published yet has none.
    static func encode(_ headers: EventHeaders) -> [UInt8] {
        var object = JSONObjectText()
        for header in headers.all { object.add(header: header.name, header.value) }
        return object.bytes()
    }

    /// - Throws: `StoreError` when the bytes are not what `encode` wrote.
    static func decode(_ bytes: [UInt8]) throws(StoreError) -> EventHeaders {
        let unreadable = StoreError(code: .unreadable, detail: "outbox.headers")
        let json: JSONValue
        do { json = try JSONValue(parsing: bytes) } catch { throw unreadable }
        guard case .object(let object) = json else { throw unreadable }
        var headers: EventHeaders = [:]
        for member in object.members {
            switch member.value {
            case .string(let text): headers[member.name] = .string(text)
            case .number(let text):
                guard let number = Int64(text) else { throw unreadable }
                headers[member.name] = .int(number)
            case .bool(let flag): headers[member.name] = .bool(flag)
            case .null, .array, .object: throw unreadable
            }
        }
        return headers
    }
}
