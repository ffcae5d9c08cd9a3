/// Finds what people can be reached by in a text that a partner wrote. Takes too much rather than too little: a long
/// number may be a telephone's.
enum ContactData {
    /// How many digits a telephone number has at least, written without any sign in between (ITU-T E.164 has up to 15).
    private static let fewestDigits = 9

    /// Replaces e-mail addresses and telephone numbers, and control characters by spaces.
    static func redact(_ text: String, mark: String) -> String {
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if let end = telephoneNumber(bytes, from: index, after: out.last) {
                out.append(contentsOf: mark.utf8)
                index = end
            } else if let end = restOfAddress(bytes, at: index) {
                while let last = out.last, isLocalPart(last) { out.removeLast() }
                out.append(contentsOf: mark.utf8)
                index = end
            } else {
                out.append(isControl(bytes[index]) ? 0x20 : bytes[index])
                index += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// - Returns: the end of the domain when an e-mail address' at sign, plain or percent-encoded, is at the index.
    private static func restOfAddress(_ bytes: [UInt8], at index: Int) -> Int? {
        var start = index
        if bytes[index] == UInt8(ascii: "@") {
            start += 1
        } else if bytes[index...].starts(with: "%40".utf8) {
            start += 3
        } else {
            return nil
        }
        guard index > 0, isLocalPart(bytes[index - 1]) else { return nil }
        let end = bytes[start...].firstIndex { !isDomain($0) } ?? bytes.count
        return end > start ? end : nil
    }

    /// - Returns: the end of a telephone number that starts at the index.
    private static func telephoneNumber(_ bytes: [UInt8], from index: Int, after previous: UInt8?) -> Int? {
        let first = bytes[index]
        guard isDigit(first) || first == UInt8(ascii: "+") || first == UInt8(ascii: "(") else { return nil }
        // Within a word, a number is a part of an id.
        if let previous, isDigit(previous) || isLetter(previous) { return nil }
        var digits = 0
        var end = index
        var separators = 0
        for (offset, byte) in bytes[index...].enumerated() {
            if isDigit(byte) {
                digits += 1
                separators = 0
                end = index + offset + 1
            } else if " -.()/+".utf8.contains(byte), separators < 2 {
                separators += 1
            } else {
                break
            }
        }
        if end < bytes.count, isLetter(bytes[end]) { return nil }
        return digits >= (first == UInt8(ascii: "+") ? 7 : fewestDigits) ? end : nil
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != UInt8(ascii: "\n") && byte != UInt8(ascii: "\t") || byte == 0x7F
    }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    private static func isDomain(_ byte: UInt8) -> Bool {
        isDigit(byte) || isLetter(byte) || "-.".utf8.contains(byte) || byte >= 0x80
    }
    /// RFC 5321's dot-string, and what lies beyond ASCII (RFC 6531).
    private static func isLocalPart(_ byte: UInt8) -> Bool {
        isDigit(byte) || isLetter(byte) || "!#$%&'*+-/=?^_`{|}~.".utf8.contains(byte) || byte >= 0x80
    }
}
