/// The members of a JSON object, read strictly by RFC 8259: what the standard does not allow is refused, where
/// Foundation lets commas before a closing bracket, control characters in strings and repeated names pass.
///
/// Values other than strings and null are checked but not kept.
struct JSONMembers {
    enum Value: Sendable, Equatable {
        case string(String)
        case null
        /// A number, a boolean, an array or an object.
        case other
    }

    /// The text is not well-formed JSON in UTF-8, or nested too deeply.
    struct Malformed: Error {}

    /// How deep arrays and objects may be nested.
    private static let depthLimit = 64

    private let bytes: [UInt8]
    private var position = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// - Returns: the members in their order, repeated names included; `nil` when the text is well-formed but no object.
    static func parse(_ bytes: [UInt8]) throws(Malformed) -> [(name: String, value: Value)]? {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw Malformed() }
        var reader = JSONMembers(bytes)
        reader.skipBlanks()
        var members: [(name: String, value: Value)]?
        if reader.peek() == UInt8(ascii: "{") {
            var found: [(name: String, value: Value)] = []
            try reader.object(depth: 1) { found.append(($0, $1)) }
            members = found
        } else {
            _ = try reader.value(depth: 0)
        }
        reader.skipBlanks()
        guard reader.peek() == nil else { throw Malformed() }
        return members
    }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func next() throws(Malformed) -> UInt8 {
        guard position < bytes.count else { throw Malformed() }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func expect(_ text: StaticString) throws(Malformed) {
        for offset in 0..<text.utf8CodeUnitCount where try next() != text.utf8Start[offset] { throw Malformed() }
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

    private mutating func value(depth: Int) throws(Malformed) -> Value {
        switch peek() {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): try object(depth: depth + 1) { _, _ in }
        case UInt8(ascii: "["): try array(depth: depth + 1)
        case UInt8(ascii: "t"): try expect("true")
        case UInt8(ascii: "f"): try expect("false")
        case UInt8(ascii: "n"):
            try expect("null")
            return .null
        default: try number()
        }
        return .other
    }

    private mutating func object(depth: Int, _ member: (String, Value) -> Void) throws(Malformed) {
        guard depth <= Self.depthLimit else { throw Malformed() }
        try expect("{")
        skipBlanks()
        if skip(UInt8(ascii: "}")) { return }
        while true {
            skipBlanks()
            let name = try string()
            skipBlanks()
            try expect(":")
            skipBlanks()
            member(name, try value(depth: depth))
            skipBlanks()
            if skip(UInt8(ascii: "}")) { return }
            try expect(",")
        }
    }

    private mutating func array(depth: Int) throws(Malformed) {
        guard depth <= Self.depthLimit else { throw Malformed() }
        try expect("[")
        skipBlanks()
        if skip(UInt8(ascii: "]")) { return }
        while true {
            skipBlanks()
            _ = try value(depth: depth)
            skipBlanks()
            if skip(UInt8(ascii: "]")) { return }
            try expect(",")
        }
    }

    private mutating func number() throws(Malformed) {
        _ = skip(UInt8(ascii: "-"))
        if !skip(UInt8(ascii: "0")) { try digits() }
        if skip(UInt8(ascii: ".")) { try digits() }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
            try digits()
        }
    }

    /// One digit or more.
    private mutating func digits() throws(Malformed) {
        let start = position
        while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw Malformed() }
    }

    private mutating func string() throws(Malformed) -> String {
        try expect("\"")
        var start = position
        var text: [UInt8] = []
        while true {
            switch try next() {
            case UInt8(ascii: "\""):
                text += bytes[start..<position - 1]
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                text += bytes[start..<position - 1]
                text += Array(String(try escape()).utf8)
                start = position
            case 0x00..<0x20: throw Malformed()
            default: break
            }
        }
    }

    /// What follows a backslash.
    private mutating func escape() throws(Malformed) -> Unicode.Scalar {
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
        default: throw Malformed()
        }
    }

    /// What follows `\u`: four digits, or a pair of surrogates. A surrogate alone is no character, and is refused.
    private mutating func codePoint() throws(Malformed) -> Unicode.Scalar {
        let first = try fourDigits()
        var value = first
        if (0xD800..<0xDC00).contains(first) {
            try expect("\\u")
            let second = try fourDigits()
            guard (0xDC00..<0xE000).contains(second) else { throw Malformed() }
            value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw Malformed() }
        return scalar
    }

    private mutating func fourDigits() throws(Malformed) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = try next()
            guard let digit = HexDigit.value(byte) else { throw Malformed() }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
