import NIOCore

/// What a careless server writes and every client takes, and what the parser refuses: it is brought into the form that
/// the parser knows. Where that leaves a doubt of what belongs to the answer, the connection is given up behind it.
extension AnswerHead {
    /// More fields than these are dropped, but for those that say where the answer ends: nobody asks for them, and the
    /// parser takes 256.
    private static let mostFields = 200

    /// Whether a head has nothing that has to be looked at line by line, and no chunks behind it: as nearly all are.
    static func isPlain(_ head: ByteBufferView) -> Bool { head.withContiguousStorageIfAvailable(isPlain) ?? false }

    private static func isPlain(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
        let minor = 7
        guard head.count > minor, head[minor] == UInt8(ascii: "0") || head[minor] == UInt8(ascii: "1") else {
            return false
        }
        var (start, count, hasLength) = (0, 0, false)
        for index in head.indices where head[index] == UInt8(ascii: "\n") {
            guard index > start, head[index - 1] == UInt8(ascii: "\r") else { return false }
            let line = UnsafeBufferPointer(rebasing: head[start..<index - 1])
            if begins(line, "transfer-encoding:") { return false }
            if begins(line, "content-length:") {
                guard !hasLength, !line.contains(UInt8(ascii: ",")) else { return false }
                hasLength = true
            }
            start = index + 1
            count += 1
        }
        return count <= mostFields
    }

    private static func begins(_ line: UnsafeBufferPointer<UInt8>, _ name: StaticString) -> Bool {
        guard line.count >= name.utf8CodeUnitCount else { return false }
        // Letters without regard to case; a hyphen and a colon have the bit already.
        for index in 0..<name.utf8CodeUnitCount where line[index] | 0x20 != name.utf8Start[index] { return false }
        return true
    }

    /// A head, line by line.
    private struct Lines {
        var status: [UInt8]
        /// Without their ends; folded ones are put together (RFC 9112, section 5.2).
        var fields: [[UInt8]] = []
        var hasBareLF = false

        init?(_ head: some Collection<UInt8>) {
            status = []
            var isFirst = true
            for line in head.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
                var line = Array(line)
                if line.last == UInt8(ascii: "\r") {
                    line.removeLast()
                } else if !line.isEmpty {
                    hasBareLF = true
                }
                if line.isEmpty { break }
                defer { isFirst = false }
                if isFirst {
                    status = line
                } else if line[0] == UInt8(ascii: " ") || line[0] == UInt8(ascii: "\t") {
                    guard !fields.isEmpty else { return nil }
                    fields[fields.count - 1] += CollectionOfOne(UInt8(ascii: " ")) + line
                } else {
                    fields.append(line)
                }
            }
        }

        /// The values of the fields of a name, without blanks around them.
        func values(of name: StaticString) -> [[UInt8]] {
            fields.compactMap { Self.has($0, name) ? Self.trimmed($0.dropFirst(name.utf8CodeUnitCount + 1)) : nil }
        }

        mutating func removeAll(_ name: StaticString) { fields.removeAll { Self.has($0, name) } }

        static func has(_ field: [UInt8], _ name: StaticString) -> Bool {
            let length = name.utf8CodeUnitCount
            guard field.count > length, field[length] == UInt8(ascii: ":") else { return false }
            // The names are in lower case; a hyphen has the bit already.
            return (0..<length).allSatisfy { field[$0] | 0x20 == name.utf8Start[$0] }
        }

        static func trimmed(_ value: some Collection<UInt8>) -> [UInt8] {
            let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
            return Array(value.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
        }
    }

    /// - Parameter head: a whole head of a final answer.
    /// - Returns: the head as the parser takes it; `nil` where it may stay as it is, or cannot be mended.
    static func tidied(_ head: some Collection<UInt8>) -> [UInt8]? {
        guard var lines = Lines(head) else { return nil }
        var isDoubtful = lines.hasBareLF
        // A later minor version is read as the latest that is known (RFC 9110, section 2.5).
        let minor = 7
        if lines.status.count > minor, (UInt8(ascii: "2")...UInt8(ascii: "9")).contains(lines.status[minor]) {
            lines.status[minor] = UInt8(ascii: "1")
            isDoubtful = true
        }
        if settleLength(&lines) { isDoubtful = true }
        if lines.fields.count > mostFields {
            let framing: [StaticString] = ["content-length", "transfer-encoding", "connection", "retry-after"]
            let needed = lines.fields[mostFields...].filter { field in framing.contains { Lines.has(field, $0) } }
            lines.fields = lines.fields.prefix(mostFields) + needed
            isDoubtful = true
        }
        guard isDoubtful else { return nil }
        lines.removeAll("connection")
        lines.fields.append(Array("Connection: close".utf8))
        let end = Array("\r\n".utf8)
        return lines.fields.reduce(lines.status + end) { $0 + $1 + end } + end
    }

    /// A length that is given several times and always the same is one (RFC 9110, section 8.6); beside chunks it does
    /// not count (RFC 9112, section 6.3).
    /// - Returns: whether something was changed.
    private static func settleLength(_ lines: inout Lines) -> Bool {
        let values = lines.values(of: "content-length")
        guard !values.isEmpty else { return false }
        let codings = lines.values(of: "transfer-encoding")
        if codings.count == 1, codings[0].map({ $0 | 0x20 }) == Array("chunked".utf8) {
            lines.removeAll("content-length")
            return true
        }
        let lengths = values.flatMap { value in
            value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map(Lines.trimmed)
        }
        guard lengths.count > 1, let length = lengths.first, !length.isEmpty, Set(lengths).count == 1 else {
            return false
        }
        lines.removeAll("content-length")
        lines.fields.append(Array("Content-Length: ".utf8) + length)
        return true
    }

    /// Whether a head says that its body comes in chunks.
    static func isChunked(_ head: some Collection<UInt8>) -> Bool {
        Lines(head)?.values(of: "transfer-encoding").last.map { value in
            value.map { $0 | 0x20 }.suffix(7) == Array("chunked".utf8)[...]
        } ?? false
    }
}

/// Drops blanks between the size of a chunk and the end of its line: some servers write sizes of a fixed width, and the
/// parser refuses them (RFC 9112, section 7.1.1, allows blanks before an extension). All else goes through as it is.
struct ChunkPadding {
    private enum State {
        case size, padding, lineEnd, `extension`, data, dataEnd
        /// Trailers, and what is no chunk: the parser's to judge.
        case over
    }

    private var state = State.size
    private var size = 0
    private var hasDigits = false
    /// Of the two bytes that end a chunk's data.
    private var ended = 0

    mutating func received(_ bytes: ByteBuffer) -> ByteBuffer {
        if case .over = state { return bytes }
        let view = bytes.readableBytesView
        var kept: [UInt8] = []
        kept.reserveCapacity(view.count)
        var index = view.startIndex
        while index < view.endIndex {
            if case .over = state {
                kept += view[index...]
                break
            }
            if case .data = state {
                let count = min(size, view.endIndex - index)
                kept += view[index..<index + count]
                index += count
                size -= count
                if size == 0 { (state, ended) = (.dataEnd, 0) }
                continue
            }
            let byte = view[index]
            index += 1
            let wasPadding = isPadding
            if isDropped(byte) { continue }
            // Digits behind a blank are another number: the parser is to see that.
            if wasPadding, case .over = state { kept.append(UInt8(ascii: " ")) }
            kept.append(byte)
        }
        return ByteBuffer(bytes: kept)
    }

    private var isPadding: Bool { if case .padding = state { true } else { false } }

    /// Goes on by a byte of a chunk's first line or of the end of its data.
    private mutating func isDropped(_ byte: UInt8) -> Bool {
        switch (state, byte) {
        case (.size, _) where Self.digit(byte) != nil:
            let (value, isOver) = size.multipliedReportingOverflow(by: 16)
            hasDigits = true
            if isOver || value > 1 << 40 { state = .over } else { size = value + (Self.digit(byte) ?? 0) }
        case (.size, UInt8(ascii: " ")) where hasDigits, (.size, UInt8(ascii: "\t")) where hasDigits:
            state = .padding
            return true
        case (.padding, UInt8(ascii: " ")), (.padding, UInt8(ascii: "\t")): return true
        case (.size, UInt8(ascii: "\r")) where hasDigits, (.padding, UInt8(ascii: "\r")): state = .lineEnd
        case (.size, UInt8(ascii: ";")) where hasDigits, (.padding, UInt8(ascii: ";")): state = .extension
        case (.lineEnd, UInt8(ascii: "\n")), (.extension, UInt8(ascii: "\n")):
            state = size == 0 ? .over : .data
        case (.extension, _): break
        case (.dataEnd, _):
            ended += 1
            if ended == 2 { (state, size, hasDigits) = (.size, 0, false) }
        default: state = .over
        }
        return false
    }

    private static func digit(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
            Int(byte | 0x20) - Int(UInt8(ascii: "a")) + 10
        default: nil
        }
    }
}
