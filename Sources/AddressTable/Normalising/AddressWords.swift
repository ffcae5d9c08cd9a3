import Foundation

/// Text of an address as words that can be compared.
enum AddressWords {
    /// Capital ASCII letters and digits; what stands between words in an address separates them here. Full stops and
    /// apostrophes go (`N.E.`, `O'Brien`), accents too; `#` is a word of its own; a hyphen or a slash between letters and
    /// digits stays, since it belongs to house numbers (`123-45`, `1/2`).
    static func of(_ text: String) -> [String] {
        var bytes = Array(plain(text).utf8)
        for index in bytes.indices where isLower(bytes[index]) { bytes[index] &= 0xDF }
        var words: [String] = []
        var word: [UInt8] = []
        func end() {
            if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
            word = []
        }
        var skipped = -1
        for (index, byte) in bytes.enumerated() where index != skipped {
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): word.append(byte)
            case UInt8(ascii: ".") where word.last.map(isDigit) == true && isDigit(next):
                end()
                // A number that a spreadsheet has written as 123.0.
                let isWhole = next == UInt8(ascii: "0") && (index + 2 == bytes.count || bytes[index + 2] <= 0x20)
                if isWhole { skipped = index + 1 }
            case UInt8(ascii: "."), UInt8(ascii: "'"), UInt8(ascii: "`"): continue
            case UInt8(ascii: "-"), UInt8(ascii: "/"):
                if word.isEmpty || !(isDigit(next) || isUpper(next)) { end() } else { word.append(byte) }
            case UInt8(ascii: "#"):
                end()
                words.append("#")
            case UInt8(ascii: "&"):
                end()
                words.append("AND")
            // Combining accents and typographic apostrophes are of this kind: they are taken out by `plain`.
            default: end()
            }
        }
        end()
        return words
    }

    /// ASCII as far as it goes. Most addresses are nothing else, and pay nothing.
    private static func plain(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        var plain = String.UnicodeScalarView()
        for scalar in text.decomposedStringWithCanonicalMapping.unicodeScalars {
            switch scalar {
            case "’", "ʻ", "\u{300}"..."\u{36F}": continue
            case "½": plain.append(contentsOf: " 1/2".unicodeScalars)
            case "‐", "‑", "–", "—": plain.append("-")
            default: plain.append(scalar)
            }
        }
        return String(plain)
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isUpper(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
    private static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
}
