import Contracts
import Foundation

/// A word of an address, in capital ASCII letters and digits.
struct AddressWord: Equatable {
    /// What stands between a word and the one before it.
    enum Gap: Equatable {
        case space
        /// A comma, a semicolon, a bracket, a new line: another part of the address begins.
        case comma
        /// A hyphen with blanks around it.
        case dash
    }

    var text: String
    var gap: Gap
    /// Where it stands in the text that it was read from: offsets in UTF-8.
    var range: Range<Int>

    var hasLetter: Bool { text.contains(where: \.isLetter) }

    /// The part that ends before this character, and the part behind it.
    func split(behind count: Int, skipping skipped: Int) -> (AddressWord, AddressWord) {
        // A word with letters that are no ASCII is longer in the text; its parts are then both taken for the whole.
        let isPlain = range.count == text.utf8.count
        let first = isPlain ? range.lowerBound..<range.lowerBound + count : range
        let second = isPlain ? range.lowerBound + count + skipped..<range.upperBound : range
        return (
            AddressWord(text: String(text.prefix(count)), gap: gap, range: first),
            AddressWord(text: String(text.dropFirst(count + skipped)), gap: .space, range: second)
        )
    }
}

/// Text of an address as words that can be compared.
enum AddressWords {
    /// Capital ASCII letters and digits; what stands between words in an address separates them here. Full stops and
    /// apostrophes go (`N.E.`, `O'Brien`), accents too; `#` is a word of its own; a hyphen or a slash between letters
    /// and digits stays, since it belongs to house numbers (`123-45`, `1/2`).
    static func of(_ text: String) -> [AddressWord] {
        var reader = Reader(text)
        return reader.read()
    }

    static func texts(_ text: String) -> [String] { of(text).map(\.text) }

    private struct Reader {
        private let bytes: [UInt8]
        /// The offset of each byte in the text; `nil` when it is the same.
        private let sources: [Int]?
        private var words: [AddressWord] = []
        private var word: [UInt8] = []
        private var start = 0
        private var gap = AddressWord.Gap.space

        init(_ text: String) { (bytes, sources) = AddressWords.plain(text) }

        private func at(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

        mutating func read() -> [AddressWord] {
            var index = 0
            while index < bytes.count {
                index = take(index)
            }
            end(before: index)
            return words
        }

        /// - Returns: the index of the next byte to take.
        private mutating func take(_ index: Int) -> Int {
            let (byte, next) = (bytes[index], at(index + 1))
            switch byte {
            case _ where isWordly(byte): append(byte, index)
            case UInt8(ascii: "."): return fullStop(index)
            case UInt8(ascii: "'"), UInt8(ascii: "`"): break
            case UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "\\"):
                if !word.isEmpty, isWordly(next) {
                    append(byte == UInt8(ascii: "\\") ? UInt8(ascii: "/") : byte, index)
                } else {
                    // `C/ Luna`, but not `c/ o`
                    let isOf = at(index + 2) | 0x20 == UInt8(ascii: "o") && !isWordly(at(index + 3))
                    if byte == UInt8(ascii: "/"), word == [UInt8(ascii: "C")], !isOf { word = Array("CALLE".utf8) }
                    end(before: index)
                    if byte == UInt8(ascii: "-"), gap == .space { gap = .dash }
                }
            case UInt8(ascii: "#"), UInt8(ascii: "&"), UInt8(ascii: "+"):
                end(before: index)
                word = Array((byte == UInt8(ascii: "#") ? "#" : "AND").utf8)
                start = index
                end(before: index + 1)
            case UInt8(ascii: "%") where isWordly(next) || next == UInt8(ascii: " "):
                // `% Smith` is `c/o Smith`.
                end(before: index)
                word = Array("C/O".utf8)
                start = index
                end(before: index + 1)
            case UInt8(ascii: ","):
                // `12,345 Main St`
                let isThousands =
                    words.isEmpty && (1...3).contains(word.count) && word.allSatisfy(isDigit)
                    && (1...3).allSatisfy { isDigit(at(index + $0)) } && !isWordly(at(index + 4))
                    && at(index + 4) != 0
                if !isThousands { part(index) }
            case UInt8(ascii: ";"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"),
                UInt8(ascii: "|"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                part(index)
            default: end(before: index)
            }
            return index + 1
        }

        /// `N.E.` is one word, `St.Paul` two; `901.0` is what a spreadsheet makes of a number, and `901.5` has a half.
        private mutating func fullStop(_ index: Int) -> Int {
            let next = at(index + 1)
            if let last = word.last, isDigit(last), isDigit(next) {
                var behind = index + 1
                while isDigit(at(behind)) { behind += 1 }
                let decimals = bytes[index + 1..<behind]
                end(before: index)
                guard !isWordly(at(behind)) else { return index + 1 }
                let halves = ["5": "1/2", "50": "1/2", "25": "1/4", "75": "3/4"]
                if decimals.allSatisfy({ $0 == UInt8(ascii: "0") }) { return behind }
                guard let fraction = halves[String(decoding: decimals, as: UTF8.self)] else { return index + 1 }
                word = Array(fraction.utf8)
                start = index + 1
                end(before: behind)
                return behind
            }
            if !word.isEmpty, isWordly(next), isWordly(at(index + 2)) || word.count > 1 { end(before: index) }
            return index + 1
        }

        private mutating func append(_ byte: UInt8, _ index: Int) {
            if word.isEmpty { start = index }
            word.append(isLower(byte) ? byte & 0xDF : byte)
        }

        private mutating func part(_ index: Int) {
            end(before: index)
            gap = .comma
        }

        private mutating func end(before index: Int) {
            guard !word.isEmpty else { return }
            let first = sources?[start] ?? start
            // The list of sources has one more than there are bytes: where the text ends.
            let behind = sources?[index] ?? index
            words.append(
                AddressWord(text: String(decoding: word, as: UTF8.self), gap: gap, range: first..<max(first, behind)))
            word = []
            gap = .space
        }
    }

    /// The text with `½` and the like as `1/2`, which is how maps have them.
    static func withPlainFractions(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let plain = letters[scalar], plain.hasPrefix(" ") {
                result.append(
                    contentsOf: plain.unicodeScalars.drop { $0 == " " && result.last.map { $0 == " " } != false })
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    private static let letters: [Unicode.Scalar: String] = [
        "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
        "đ": "d", "Đ": "D",
        "ı": "i", "½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⅓": " 1/3", "⅔": " 2/3", "⅛": " 1/8",
    ]

    /// ASCII as far as it goes, and where each byte comes from. Most addresses are nothing else, and pay nothing.
    private static func plain(_ text: String) -> ([UInt8], [Int]?) {
        let utf8 = Array(text.utf8)
        if utf8.allSatisfy({ $0 < 0x80 }) { return (utf8, nil) }
        var (bytes, sources): ([UInt8], [Int]) = ([], [])
        var offset = 0
        func append(_ text: String) {
            bytes += text.utf8
            sources += repeatElement(offset, count: text.utf8.count)
        }
        for scalar in text.unicodeScalars {
            if let plain = letters[scalar] {
                append(plain)
            } else if scalar.isASCII {
                append(String(scalar))
            } else if !scalar.isInvisible {
                // Full-width letters and the like have a plain form too; accents come off their letters.
                for part in String(scalar).decomposedStringWithCompatibilityMapping.unicodeScalars {
                    switch part {
                    case "’", "‘", "ʻ", "ʼ", "´", "′", "\u{300}"..."\u{36F}": continue
                    case "‐", "‑", "‒", "–", "—", "―", "−": append("-")
                    case "⁄": append("/")
                    default: append(part.isASCII ? String(part) : " ")
                    }
                }
            }
            offset += scalar.utf8.count
        }
        sources.append(offset)
        return (bytes, sources)
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isUpper(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
    private static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isWordly(_ byte: UInt8) -> Bool { isDigit(byte) || isUpper(byte) || isLower(byte) }
}
