/// Writes the text of a JSON object, its members in the order in which they are added. Many times faster than an
/// encoder: for what is written for each request.
package struct JSONObjectText {
    private var text: [UInt8] = []
    private var isFirst = true

    package init() {
        text.reserveCapacity(512)
        text.append(UInt8(ascii: "{"))
    }

    /// The object with all that was added.
    package consuming func bytes() -> [UInt8] {
        text.append(UInt8(ascii: "}"))
        return text
    }

    // MARK: Members. A name must be given once only, and needs no escapes.

    package mutating func add(_ name: String, _ value: String) {
        add(name: name)
        append(quoted: value)
    }

    /// Adds nothing when there is no value.
    package mutating func add(_ name: String, _ value: String?) {
        if let value { add(name, value) }
    }

    package mutating func add(_ name: String, _ value: Bool) {
        add(name: name)
        append(value)
    }

    package mutating func add(_ name: String, _ value: Int) {
        add(name: name)
        text.append(contentsOf: String(value).utf8)
    }

    /// Adds nothing when there is no value.
    package mutating func add(_ name: String, _ value: Int?) {
        if let value { add(name, value) }
    }

    /// - Throws: `ContractError` with code `badData` when the number is not finite: JSON has no such numbers.
    package mutating func add(_ name: String, _ value: Double) throws(ContractError) {
        guard value.isFinite else { throw ContractError(code: .badData, detail: "bad value at \(name)") }
        add(name: name)
        text.append(contentsOf: value.description.utf8)
    }

    /// Adds an object: what is added next are its members, until `endObject`.
    package mutating func beginObject(_ name: String) {
        add(name: name)
        text.append(UInt8(ascii: "{"))
        isFirst = true
    }

    package mutating func endObject() {
        isFirst = false
        text.append(UInt8(ascii: "}"))
    }

    /// Adds an array of objects, each between `beginElement` and `endObject`, until `endArray`.
    package mutating func beginArray(_ name: String) {
        add(name: name)
        text.append(UInt8(ascii: "["))
        isFirst = true
    }

    package mutating func beginElement() {
        separate()
        text.append(UInt8(ascii: "{"))
        isFirst = true
    }

    package mutating func endArray() {
        isFirst = false
        text.append(UInt8(ascii: "]"))
    }

    package mutating func add(_ name: String, _ values: [String]) {
        add(name: name)
        text.append(UInt8(ascii: "["))
        isFirst = true
        for value in values {
            separate()
            append(quoted: value)
        }
        isFirst = false
        text.append(UInt8(ascii: "]"))
    }

    /// Adds a header; one of a kind that Intake does not write is left out.
    package mutating func add(header name: String, _ value: HeaderValue) {
        if case .other = value { return }
        separate()
        append(quoted: name)
        text.append(UInt8(ascii: ":"))
        switch value {
        case .string(let value): append(quoted: value)
        case .int(let value): text.append(contentsOf: String(value).utf8)
        case .bool(let value): append(value)
        case .other: break
        }
    }

    // MARK: Characters

    private mutating func separate() {
        if !isFirst { text.append(UInt8(ascii: ",")) }
        isFirst = false
    }

    private mutating func add(name: String) {
        separate()
        text.append(UInt8(ascii: "\""))
        text.append(contentsOf: name.utf8)
        text.append(UInt8(ascii: "\""))
        text.append(UInt8(ascii: ":"))
    }

    private mutating func append(_ value: Bool) {
        text.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// A string with the escapes that RFC 8259, section 7, demands.
    private mutating func append(quoted string: String) {
        var string = string
        text.append(UInt8(ascii: "\""))
        string.withUTF8 { bytes in
            var start = 0
            for (index, byte) in bytes.enumerated()
            where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                text.append(contentsOf: bytes[start..<index])
                append(escaped: byte)
                start = index + 1
            }
            text.append(contentsOf: bytes[start...])
        }
        text.append(UInt8(ascii: "\""))
    }

    private mutating func append(escaped byte: UInt8) {
        text.append(UInt8(ascii: "\\"))
        guard byte < 0x20 else { return text.append(byte) }
        text.append(contentsOf: "u00".utf8)
        text.append(HexDigit.character(byte >> 4))
        text.append(HexDigit.character(byte & 0xF))
    }
}
