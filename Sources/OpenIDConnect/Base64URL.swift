import Contracts

/// Base64 with the URL's alphabet and without padding (RFC 4648, section 5; RFC 7515, section 2), read strictly: one
/// text for one value.
enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let group = rest.prefix(3)
            rest = rest.dropFirst(3)
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for index in 0...group.count { text.append(alphabet[bits >> (18 - 6 * index) & 63]) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// `nil` for a character of another alphabet, a length that cannot be, and bits left over that are not zero.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3 / 4)
        var (bits, count) = (0, 0)
        for character in text {
            guard let value = value(character) else { return nil }
            bits = (bits << 6 | value) & 0xFFFF
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> count))
        }
        return bits & (1 << count - 1) == 0 ? bytes : nil
    }

    private static func value(_ character: UInt8) -> Int? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}

extension JSONObject {
    /// A text that others wrote; `nil` when it is absent, no text, or longer than `limit` bytes.
    func text(_ name: String, upTo limit: Int = 2048) -> String? {
        guard case .string(let text)? = self[name], text.utf8.count <= limit else { return nil }
        return text
    }

    /// All texts of a list of texts; `nil` when it is absent or something else.
    func texts(_ name: String) -> [String]? {
        guard case .array(let values)? = self[name] else { return nil }
        var texts: [String] = []
        for value in values {
            guard case .string(let text) = value else { return nil }
            texts.append(text)
        }
        return texts
    }

    /// Whether a name stands there twice: two readers could take two values for it (RFC 7519, section 4).
    var hasRepeatedNames: Bool { Set(members.map(\.name)).count < members.count }

    /// - Returns: `nil` for what is no JSON object, or has a name twice.
    static func strict(_ bytes: [UInt8]) -> JSONObject? {
        guard case .object(let object)? = try? JSONValue(parsing: bytes), !object.hasRepeatedNames else { return nil }
        return object
    }
}
