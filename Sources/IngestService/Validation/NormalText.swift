import Foundation

/// Text as it is kept: NFC, without blanks at its ends.
enum NormalText {
    static func of(_ raw: String) -> String { String(composed(raw)[...].trimmingBlanks()) }

    /// Normal form C (Unicode Standard Annex 15). What lies before the first combining mark is in it already.
    private static func composed(_ raw: String) -> String {
        raw.unicodeScalars.allSatisfy { $0.value < 0x300 } ? raw : raw.precomposedStringWithCanonicalMapping
    }

    /// Characters that no field may hold: those of category Cc, the two separators that end a line, and those that make
    /// the text after them show in another order (Unicode Standard Annex 9, 2.1 to 2.4), so that a name reads as another.
    /// The marks and joiners that Arabic, Hebrew, Persian and Indic names need are no such characters.
    static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
