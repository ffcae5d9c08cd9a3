import NIOCore

/// Reads the head of an answer before the parser sees it. It does no I/O.
///
/// Only the head of a final answer comes out, with status 200 or more. Interim answers (1xx, RFC 9110, section 15.2)
/// say nothing that a client of Intake waits for, and are dropped.
struct AnswerHead {
    /// How many bytes a head may have, together with the interim answers before it: many times what servers send.
    static let longest = 128 * 1024

    /// What came and is not yet passed on: a head without its end.
    private var unread = ByteBuffer()
    /// Where in `unread` the search for the head's end goes on.
    private var searched = 0
    /// Where its latest line begins.
    private var lineStart = 0
    private var dropped = 0

    /// Whether an answer has begun and not gone on.
    var hasBegun: Bool { unread.readableBytes > 0 }

    /// A final head with all that came behind it.
    struct Answer {
        var bytes: ByteBuffer
        var status: Int
        /// How many of the bytes are the head.
        var headLength: Int
        /// Whether what is behind the head comes in chunks.
        var isChunked: Bool
    }

    /// - Returns: `nil` when more must come first.
    mutating func received(_ bytes: inout ByteBuffer) throws(BadAnswer) -> Answer? {
        if unread.readableBytes == 0 { unread = bytes } else { unread.writeBuffer(&bytes) }
        while true {
            skipEmptyLines()
            guard dropped <= Self.longest else { throw .tooLong }
            guard try beginsWell() else { return nil }
            guard let end = endOfHead() else {
                guard dropped + unread.readableBytes <= Self.longest else { throw .tooLong }
                return nil
            }
            guard dropped + end <= Self.longest else { throw .tooLong }
            guard isReadable(upTo: end) else { throw .notHTTP }
            let status = status()
            switch status {
            case 200...:
                try unfold(upTo: end)
                defer { self = AnswerHead() }
                let head = unread.readableBytesView.prefix(end)
                if Self.isPlain(head) {
                    return Answer(bytes: unread, status: status, headLength: end, isChunked: false)
                }
                let isChunked = Self.isChunked(head)
                guard let tidied = Self.tidied(head) else {
                    return Answer(bytes: unread, status: status, headLength: end, isChunked: isChunked)
                }
                var answer = ByteBuffer(bytes: tidied)
                answer.writeBytes(unread.readableBytesView.dropFirst(end))
                return Answer(bytes: answer, status: status, headLength: tidied.count, isChunked: isChunked)
            case 101: throw .upgrade
            case 100...199: drop(end)
            default: throw .status
            }
        }
    }

    /// Whether its first bytes are there and are `HTTP/1.x nnn`. What only looks like it is refused here: the parser
    /// is to read no other status than this one.
    private func beginsWell() throws(BadAnswer) -> Bool {
        let pattern = "HTTP/1.0 000 ".utf8
        for (byte, expected) in zip(unread.readableBytesView, pattern) {
            let isRight =
                switch expected {
                case UInt8(ascii: "0"): (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                case UInt8(ascii: " "): byte == expected || byte == UInt8(ascii: "\r")
                default: byte == expected
                }
            guard isRight else { throw .notHTTP }
        }
        return unread.readableBytes >= pattern.count
    }

    /// Whether its first line holds what such a line may (RFC 9112, section 4), and no line a zero, which some take for
    /// the end of a text (RFC 9110, section 5.5).
    private func isReadable(upTo end: Int) -> Bool {
        let head = unread.readableBytesView.prefix(end)
        let line = head.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
        return !head.contains(0) && line.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == UInt8(ascii: "\t") }
    }

    private func status() -> Int {
        unread.readableBytesView.dropFirst(9).prefix(3).reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    /// Some servers send an empty line behind the body before.
    private mutating func skipEmptyLines() {
        guard searched == 0 else { return }
        let count = unread.readableBytesView.prefix { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }.count
        drop(count)
    }

    private mutating func drop(_ count: Int) {
        unread.moveReaderIndex(forwardBy: count)
        dropped += count
        searched = 0
        lineStart = 0
    }

    /// - Returns: how long the head is; `nil` when its end has not come.
    private mutating func endOfHead() -> Int? {
        let view = unread.readableBytesView
        while let index = view.dropFirst(searched).firstIndex(of: UInt8(ascii: "\n")) {
            let end = index - view.startIndex
            let line = view[view.startIndex + lineStart..<index]
            searched = end + 1
            lineStart = end + 1
            if line.isEmpty || line.elementsEqual(CollectionOfOne(UInt8(ascii: "\r"))) { return end + 1 }
        }
        searched = view.count
        return nil
    }

    /// A field's value that goes on in the next line, behind blanks, becomes one line (RFC 9112, section 5.2): the
    /// parser refuses such lines. Nothing goes on behind the status line.
    private mutating func unfold(upTo end: Int) throws(BadAnswer) {
        let start = unread.readerIndex
        var isFirst = true
        var searched = 0
        while let index = unread.readableBytesView.dropFirst(searched).prefix(end - searched)
            .firstIndex(of: UInt8(ascii: "\n"))
        {
            searched = index - start + 1
            let next: UInt8? = unread.getInteger(at: index + 1)
            if searched < end, next == UInt8(ascii: " ") || next == UInt8(ascii: "\t") {
                guard !isFirst else { throw .notHTTP }
                guard unread.getInteger(at: index - 1) == UInt8(ascii: "\r") else { continue }
                unread.setRepeatingByte(UInt8(ascii: " "), count: 2, at: index - 1)
            }
            isFirst = false
        }
    }
}
