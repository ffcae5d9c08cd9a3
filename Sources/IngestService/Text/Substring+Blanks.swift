extension Substring {
    /// Without white space at both ends.
    func trimmingBlanks() -> Substring {
        // Most text begins and ends with a visible ASCII character: that is seen without asking Unicode.
        let visible: ClosedRange<UInt8> = 0x21...0x7E
        if let first = utf8.first, let last = utf8.last, visible.contains(first), visible.contains(last) { return self }
        var text = drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
