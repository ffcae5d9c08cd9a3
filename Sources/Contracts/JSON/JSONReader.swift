/// Reads JSON strictly by RFC 8259: what the standard does not allow is refused, where Foundation lets commas before a
/// closing bracket and control characters in strings pass. Several times faster than a decoder, too, which is the
/// larger part of what a stage does with a message.
struct JSONReader {
    /// How deep arrays and objects may be nested.
    private static let depthLimit = 64

    /// Known to be UTF-8.
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    static func read(_ bytes: [UInt8]) throws(MalformedJSON) -> JSONValue {
        // Nearly all is ASCII, and that is seen many bytes at a time.
        guard bytes.reduce(0, |) < 0x80 || String(validating: bytes, as: UTF8.self) != nil else {
            throw MalformedJSON()
        }
        return try bytes.withUnsafeBufferPointer { bytes throws(MalformedJSON) in try read(bytes) }
    }

    private static func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(MalformedJSON) -> JSONValue {
        var reader = JSONReader(bytes)
        do throws(MalformedJSON) {
            reader.skipBlanks()
            let value = try reader.value(depth: 0)
            reader.skipBlanks()
            guard reader.peek() == nil else { throw MalformedJSON() }
            return value
        } catch {
            throw MalformedJSON(offset: reader.position, isTooDeep: error.isTooDeep)
        }
    }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func next() throws(MalformedJSON) -> UInt8 {
        guard position < bytes.count else { throw MalformedJSON() }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func expect(_ text: StaticString) throws(MalformedJSON) {
        for offset in 0..<text.utf8CodeUnitCount where try next() != text.utf8Start[offset] { throw MalformedJSON() }
    }

    private mutating func expect(_ byte: UInt8) throws(MalformedJSON) {
        guard skip(byte) else { throw MalformedJSON() }
    }

    private mutating func skipBlanks() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// Goes past a byte if it is the next.
    private mutating func skip(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(MalformedJSON) -> JSONValue {
        switch peek() {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
        case UInt8(ascii: "t"):
            try expect("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try expect("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try expect("null")
            return .null
        default: return .number(try number())
        }
    }

    private mutating func object(depth: Int) throws(MalformedJSON) -> JSONObject {
        guard depth <= Self.depthLimit else { throw MalformedJSON(isTooDeep: true) }
        var object = JSONObject()
        try expect(UInt8(ascii: "{"))
        skipBlanks()
        if skip(UInt8(ascii: "}")) { return object }
        object.members.reserveCapacity(12)
        while true {
            skipBlanks()
            let name = try string()
            skipBlanks()
            try expect(UInt8(ascii: ":"))
            skipBlanks()
            object.members.append(JSONObject.Member(name: name, value: try value(depth: depth)))
            skipBlanks()
            if skip(UInt8(ascii: "}")) { return object }
            try expect(UInt8(ascii: ","))
        }
    }

    private mutating func array(depth: Int) throws(MalformedJSON) -> [JSONValue] {
        guard depth <= Self.depthLimit else { throw MalformedJSON(isTooDeep: true) }
        var elements: [JSONValue] = []
        try expect(UInt8(ascii: "["))
        skipBlanks()
        if skip(UInt8(ascii: "]")) { return elements }
        while true {
            skipBlanks()
            elements.append(try value(depth: depth))
            skipBlanks()
            if skip(UInt8(ascii: "]")) { return elements }
            try expect(UInt8(ascii: ","))
        }
    }

    private mutating func number() throws(MalformedJSON) -> String {
        let start = position
        _ = skip(UInt8(ascii: "-"))
        if !skip(UInt8(ascii: "0")) { try digits() }
        if skip(UInt8(ascii: ".")) { try digits() }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
            try digits()
        }
        return text(start..<position)
    }

    /// One digit or more.
    private mutating func digits() throws(MalformedJSON) {
        let start = position
        while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw MalformedJSON() }
    }

    private mutating func string() throws(MalformedJSON) -> String {
        try expect(UInt8(ascii: "\""))
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return text(start..<position - 1)
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0x00..<0x20: throw MalformedJSON()
            default: position += 1
            }
        }
        throw MalformedJSON()
    }

    /// Goes on with a string at its first backslash.
    private mutating func escapedString(from start: Int) throws(MalformedJSON) -> String {
        var start = start
        var unescaped: [UInt8] = []
        while true {
            switch try next() {
            case UInt8(ascii: "\""):
                unescaped += bytes[start..<position - 1]
                return String(decoding: unescaped, as: UTF8.self)
            case UInt8(ascii: "\\"):
                unescaped += bytes[start..<position - 1]
                unescaped += Array(String(try escape()).utf8)
                start = position
            case 0x00..<0x20: throw MalformedJSON()
            default: break
            }
        }
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }

    /// What follows a backslash.
    private mutating func escape() throws(MalformedJSON) -> Unicode.Scalar {
        switch try next() {
        case UInt8(ascii: "\""): "\""
        case UInt8(ascii: "\\"): "\\"
        case UInt8(ascii: "/"): "/"
        case UInt8(ascii: "b"): "\u{08}"
        case UInt8(ascii: "f"): "\u{0C}"
        case UInt8(ascii: "n"): "\n"
        case UInt8(ascii: "r"): "\r"
        case UInt8(ascii: "t"): "\t"
        case UInt8(ascii: "u"): try codePoint()
        default: throw MalformedJSON()
        }
    }

    /// What follows `\u`: four digits, or a pair of surrogates. A surrogate alone is no character, and is refused.
    private mutating func codePoint() throws(MalformedJSON) -> Unicode.Scalar {
        let first = try fourDigits()
        var value = first
        if (0xD800..<0xDC00).contains(first) {
            try expect("\\u")
            let second = try fourDigits()
            guard (0xDC00..<0xE000).contains(second) else { throw MalformedJSON() }
            value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw MalformedJSON() }
        return scalar
    }

    private mutating func fourDigits() throws(MalformedJSON) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = try next()
            guard let digit = HexDigit.value(byte) else { throw MalformedJSON() }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
