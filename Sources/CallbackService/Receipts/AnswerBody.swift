/// What came of the body of a partner's answer.
struct AnswerBody: Sendable, Equatable {
    /// How much is read, bytes; a longer body is cut there and its connection given up.
    static let longest = 64 * 1024

    /// Without UTF-8's byte order mark, which some servers send and which says nothing (RFC 8259, section 8.1).
    let bytes: [UInt8]
    /// Whether there was more.
    let isCut: Bool

    init(bytes: [UInt8] = [], isCut: Bool = false) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        self.bytes = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
        self.isCut = isCut
    }

    /// How it begins, as text: bytes that are not UTF-8 are replaced, and no character is cut in two.
    func text(upTo limit: Int) -> String {
        var end = min(limit, bytes.count)
        if end < bytes.count {
            while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }
}
