import Contracts

/// Whether a text is an e-mail address that can be written to.
///
/// What HTML's `<input type=email>` takes (WHATWG HTML, 4.10.5.1.5): no quotes, comments or address literals, dots
/// anywhere in the local part, any name as the last label. Beside that internationalised mailboxes (RFC 6531): letters
/// of any script in the local part, and U-labels in the domain. Lengths are those of RFC 5321, 4.5.3.1, in octets of
/// UTF-8. What nobody sees makes an address that nobody can read out or compare, and a mark needs a letter to stand on:
/// both are refused, but for the joiners where a script needs them (RFC 5892, appendix A.1 and A.2).
enum EmailAddress {
    static func isValid(_ text: String) -> Bool {
        guard text.utf8.count <= 254, let at = text.utf8.lastIndex(of: UInt8(ascii: "@")) else { return false }
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return isPlain(text.utf8[..<at], text.utf8[at...].dropFirst()) }
        let local = text.unicodeScalars[..<at]
        let labels = text.unicodeScalars[text.utf8.index(after: at)...].split(
            separator: ".", omittingEmptySubsequences: false)
        return (1...64).contains(text[..<at].utf8.count) && local.allSatisfy(isLocal) && local.first?.isMark == false
            && labels.allSatisfy(isLabel)
    }

    /// The same of one in ASCII, as nearly all are.
    private static func isPlain(_ local: Substring.UTF8View, _ domain: Substring.UTF8View) -> Bool {
        let hyphen = UInt8(ascii: "-")
        return (1...64).contains(local.count)
            && local.allSatisfy { isAlphanumeric(Unicode.Scalar($0)) || signs.contains($0) }
            && domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
                (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
                    && label.allSatisfy { isAlphanumeric(Unicode.Scalar($0)) || $0 == hyphen }
            }
    }

    /// What the local part may hold beside letters and digits (RFC 5322, section 3.2.3, `atext`, and the dot).
    private static let signs = [UInt8](".!#$%&'*+/=?^_`{|}~-".utf8)

    private static func isLocal(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.isASCII else { return isInternational(scalar) }
        return isAlphanumeric(scalar) || signs.contains(UInt8(scalar.value))
    }

    private static func isLabel(_ label: Substring.UnicodeScalarView) -> Bool {
        guard (1...63).contains(Substring(label).utf8.count), label.first != "-", label.last != "-",
            label.first?.isMark == false
        else { return false }
        return label.indices.allSatisfy { index in
            let scalar = label[index]
            if scalar.isMark, label[label.index(before: index)] == "-" { return false }
            if scalar.isASCII { return isAlphanumeric(scalar) || scalar == "-" }
            return scalar.isInvisible ? isJoiner(at: index, of: label) : isLetter(scalar)
        }
    }

    /// Whether a joiner stands where it changes how the text reads: behind the sign that takes a consonant's vowel
    /// away, as in Sinhala and Hindi; and a non-joiner between two letters of the Arabic script, as in Persian. (RFC
    /// 5892 asks there for how each letter joins, which Swift does not tell.)
    private static func isJoiner(at index: Substring.Index, of label: Substring.UnicodeScalarView) -> Bool {
        guard label[index] == "\u{200C}" || label[index] == "\u{200D}", index > label.startIndex else { return false }
        let before = label[label.index(before: index)]
        if before.properties.canonicalCombiningClass == .virama { return true }
        let after = label.index(after: index)
        let arabic: ClosedRange<Unicode.Scalar> = "\u{620}"..."\u{6FF}"
        return label[index] == "\u{200C}" && after < label.endIndex && arabic.contains(before)
            && arabic.contains(label[after])
    }

    private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
    }

    /// Anything that shows and is no blank.
    private static func isInternational(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.isInvisible else { return false }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .privateUse, .surrogate,
            .unassigned:
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
        // The middle dots of katakana and Catalan (RFC 5892, appendix A).
        default: scalar == "\u{30FB}" || scalar == "\u{B7}"
        }
    }
}

extension Unicode.Scalar {
    /// Whether it is drawn on the character before it.
    fileprivate var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}
