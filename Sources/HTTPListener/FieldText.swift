package import HTTPTypes

// Text from outside, before anything is made of it. To compare, to hash and to change the case of text of other
// scripts, Swift first brings it into a normal form, which takes time by the square of a run of combining marks: a
// header of 16 KB costs 17 ms so. Where only ASCII can be meant, its bytes are looked at first.

extension HTTPFields {
    /// The value of a field; of several the values with commas between them. The same as the subscript, which joins
    /// also where there is but one, and takes a hundredth of the time of a whole request for that.
    package func value(_ name: HTTPField.Name) -> String? {
        let values = self[values: name]
        return values.count > 1 ? self[name] : values.first
    }
}

extension StringProtocol {
    /// Whether it is ASCII, so that it is compared byte by byte, and no longer than any header that means something.
    package var isShortASCII: Bool { utf8.count <= 16_384 && utf8.allSatisfy { $0 < 0x80 } }

    /// Whether it is this text, byte by byte.
    package func isSame(as other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension Substring {
    /// Without white space at both ends.
    package func trimmingBlanks() -> Substring {
        // Most text begins and ends with a visible ASCII character: that is seen without asking Unicode.
        let visible: ClosedRange<UInt8> = 0x21...0x7E
        if let first = utf8.first, let last = utf8.last, visible.contains(first), visible.contains(last) { return self }
        var text = drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
