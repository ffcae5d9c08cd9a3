/// Whether a text is an e-mail address that can be written to.
///
/// What HTML's `<input type=email>` takes (WHATWG HTML, 4.10.5.1.5): no quotes, comments or address literals, dots
/// anywhere in the local part, any name as the last label. Beside that internationalised mailboxes (RFC 6531): letters of
/// any script in the local part, and U-labels in the domain. Lengths are those of RFC 5321, 4.5.3.1, in octets of UTF-8.
enum EmailAddress {
    static func isValid(_ text: String) -> Bool {
        guard text.utf8.count <= 254, let at = text.utf8.lastIndex(of: UInt8(ascii: "@")) else { return false }
        let local = text[..<at]
        let labels = text[text.utf8.index(after: at)...].split(separator: ".", omittingEmptySubsequences: false)
        return (1...64).contains(local.utf8.count) && local.unicodeScalars.allSatisfy(isLocal)
            && labels.allSatisfy(isLabel)
    }

    private static func isLocal(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.isASCII else { return isInternational(scalar) }
        return isAlphanumeric(scalar) || ".!#$%&'*+/=?^_`{|}~-".unicodeScalars.contains(scalar)
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
            && label.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII ? isAlphanumeric(scalar) || scalar == "-" : isLetter(scalar)
            }
    }

    private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
    }

    /// Anything that shows and is no blank.
    private static func isInternational(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .privateUse, .surrogate, .unassigned:
            false
        default: true
        }
    }

    /// What a U-label can be made of, roughly: letters, marks and digits (RFC 5892, 2.1).
    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark,
            .decimalNumber:
            true
        // The katakana middle dot and the joiners that some scripts need (RFC 5892, appendix A).
        default: scalar == "\u{30FB}" || scalar == "\u{B7}" || scalar == "\u{200C}" || scalar == "\u{200D}"
        }
    }
}
