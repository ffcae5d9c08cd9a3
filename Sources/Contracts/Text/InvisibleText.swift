/// What nobody sees of a text. Asked wherever text is taken in, so that every field means the same by it.
extension Unicode.Scalar {
    /// Whether it shows nothing and takes no room: Unicode's default-ignorable code points (Unicode Standard, 5.21),
    /// such as zero-width spaces, joiners, directional marks, fillers and variation selectors; and the Braille pattern
    /// without a dot, which Unicode counts as a symbol. White space is not among them.
    @inlinable
    package var isInvisible: Bool {
        // No such character is below the soft hyphen: most text is decided here.
        value >= 0xAD && (properties.isDefaultIgnorableCodePoint || value == 0x2800)
    }

    /// Whether it shows something by itself.
    @usableFromInline
    var isSeenAlone: Bool {
        if isASCII { return ("!"..."~").contains(self) }
        // The musical symbol is a head of a note without the head.
        guard !isInvisible, !properties.isWhitespace, value != 0x1D159 else { return false }
        return switch properties.generalCategory {
        case .format, .surrogate, .unassigned, .nonspacingMark, .spacingMark, .enclosingMark: false
        default: true
        }
    }

    /// Whether it is a mark that steers in which direction the text beside it runs (Unicode Standard Annex 9, 2.6).
    /// Names in Hebrew and Arabic need them.
    package var isDirectionMark: Bool { value == 0x200E || value == 0x200F || value == 0x061C }
}

extension StringProtocol {
    /// Without what nobody sees: for text in which each character counts, such as a telephone number.
    @inlinable
    package var withoutInvisible: String {
        guard unicodeScalars.contains(where: \.isInvisible) else { return String(self) }
        return String(String.UnicodeScalarView(unicodeScalars.filter { !$0.isInvisible }))
    }

    /// Whether there is nothing to see: no character at all, or only white space, what is invisible, controls of
    /// formatting, and marks that have no letter to stand on.
    @inlinable
    package var isBlank: Bool { !unicodeScalars.contains(where: \.isSeenAlone) }
}
