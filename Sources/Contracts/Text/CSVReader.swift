/// Reads CSV (RFC 4180) row by row: quoted fields with commas, quotes and line breaks in them, lines that end in LF,
/// CRLF or CR, a byte order mark; blanks around quotes go. Packages for this read whole files into memory, or give up
/// at the first row that is wrong; a file of a state's addresses has gigabytes, and always a few rows that are.
///
/// A row that is wrong costs that row alone: reading goes on at the line after the one on which it began.
package struct CSVReader {
    /// Longer rows are not taken: they are a forgotten quote. Bytes.
    package static let longestRow = 65_536

    private enum State { case fieldStart, plain, quoted, closed }
    private enum End { case row, file }

    /// The row that was read last.
    package private(set) var row = CSVRow()
    private let separator: UInt8
    private let chunk: () throws -> [UInt8]
    private var buffer: [UInt8] = []
    private var position = 0
    private var rowStart = 0
    private var line = 1

    /// - Parameters:
    ///   - separator: what stands between fields.
    ///   - chunk: the next bytes of the file; none at its end.
    package init(separator: UInt8 = UInt8(ascii: ","), chunk: @escaping () throws -> [UInt8]) throws {
        self.separator = separator
        self.chunk = chunk
        while buffer.count < 3, try refill() {}
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// Reads bytes that are there as a whole.
    package init(bytes: [UInt8]) {
        separator = UInt8(ascii: ",")
        chunk = { [] }
        buffer = bytes
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// Whether the file begins as UTF-16 does, with or without a byte order mark.
    package var isUTF16: Bool {
        buffer.starts(with: [0xFF, 0xFE]) || buffer.starts(with: [0xFE, 0xFF])
            || (buffer.count > 1 && (buffer[0] == 0 || buffer[1] == 0))
    }

    /// Reads the next row; false at the end of the file.
    package mutating func next() throws -> Bool {
        row.clear()
        row.line = line
        rowStart = position
        var state = State.fieldStart
        while true {
            if position == buffer.count, try !refill() { return endOfFile(state) }
            guard position - rowStart < Self.longestRow else {
                try skip(.tooLong)
                return true
            }
            let byte = buffer[position]
            position += 1
            switch (byte, state) {
            case (UInt8(ascii: "\""), .fieldStart):
                row.emptyField()
                state = .quoted
            case (UInt8(ascii: " "), .fieldStart): row.append(byte)
            case (UInt8(ascii: "\""), .quoted): state = .closed
            case (UInt8(ascii: "\""), .closed):
                row.append(byte)
                state = .quoted
            case (_, .quoted):
                if byte == UInt8(ascii: "\n") { line += 1 }
                row.append(byte)
            case (separator, _):
                row.endField()
                state = .fieldStart
            case (UInt8(ascii: "\n"), _), (UInt8(ascii: "\r"), _):
                row.endField()
                try endLine(byte)
                return true
            case (UInt8(ascii: " "), .closed): break
            case (_, .closed):
                try skip(.afterQuote)
                return true
            default:
                row.append(byte)
                state = .plain
            }
        }
    }

    private mutating func endLine(_ byte: UInt8) throws {
        line += 1
        guard byte == UInt8(ascii: "\r") else { return }
        if position == buffer.count, try !refill() { return }
        if buffer[position] == UInt8(ascii: "\n") { position += 1 }
    }

    /// The last row may lack its line break.
    private mutating func endOfFile(_ state: State) -> Bool {
        guard position > rowStart else { return false }
        if state == .quoted {
            row.problem = .openQuote
            line = row.line
            position = rowStart
            skipLine()
        } else {
            row.endField()
        }
        return true
    }

    private mutating func skip(_ problem: CSVRow.Problem) throws {
        row.problem = problem
        line = row.line
        position = rowStart
        while !skipLine() {
            rowStart = position
            guard try refill() else { return }
        }
    }

    /// To behind the next line break, as far as the buffer has one.
    @discardableResult
    private mutating func skipLine() -> Bool {
        while position < buffer.count {
            position += 1
            if buffer[position - 1] == UInt8(ascii: "\n") {
                line += 1
                return true
            }
        }
        return false
    }

    /// Throws away what lies before the row, and gets more. False at the end of the file.
    private mutating func refill() throws -> Bool {
        if rowStart > 0 {
            buffer.removeFirst(rowStart)
            position -= rowStart
            rowStart = 0
        }
        let more = try chunk()
        buffer += more
        return !more.isEmpty
    }
}

/// One row of a CSV file, without its quotes.
package struct CSVRow {
    /// Why a row cannot be taken apart.
    package enum Problem: Equatable {
        /// Something between a closing quote and the next comma.
        case afterQuote
        /// A quote that is not closed before the file ends.
        case openQuote
        case tooLong
        /// A line of GeoJSON that is no feature.
        case noFeature
    }

    /// Of the file, counted from 1: where the row begins.
    package var line = 1
    /// Set when the fields are not to be used.
    package var problem: Problem?
    package private(set) var bytes: [UInt8] = []
    package private(set) var ends: [Int] = []

    package init() {}

    package var count: Int { ends.count }
    /// Whether all fields are empty: a spreadsheet writes its unused rows as commas.
    package var hasNothing: Bool { problem == nil && bytes.allSatisfy { $0 == UInt8(ascii: " ") } }
    /// An empty line is no row.
    package var isBlank: Bool { problem == nil && bytes.isEmpty && ends.count <= 1 }

    package subscript(field: Int) -> ArraySlice<UInt8> { bytes[(field == 0 ? 0 : ends[field - 1])..<ends[field]] }

    package mutating func clear() {
        problem = nil
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    package mutating func append(_ byte: UInt8) { bytes.append(byte) }
    package mutating func append(_ text: String) { bytes += text.utf8 }
    package mutating func endField() { ends.append(bytes.count) }

    /// Forgets what has come of the field: blanks before its quote.
    fileprivate mutating func emptyField() { bytes.removeLast(bytes.count - (ends.last ?? 0)) }

    /// The text of a field, without the white space around it.
    package func text(_ field: Int) -> String {
        let text = String(decoding: self[field], as: UTF8.self)
        // Looked at as bytes first: white space is rare, and asking for a character's kind is slow.
        let ends = [text.utf8.first, text.utf8.last]
        guard ends.contains(where: { $0.map { $0 <= 0x20 || $0 > 0x7F } == true }) else { return text }
        return String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }

    /// Makes it as long as the header: fields that are missing at the end are empty, and empty ones too many go.
    /// - Returns: false when there are more with something in them.
    package mutating func fit(_ count: Int) -> Bool {
        while ends.count < count { endField() }
        guard ends.count > count else { return true }
        guard bytes[ends[count - 1]...].allSatisfy({ $0 == UInt8(ascii: " ") }) else { return false }
        ends.removeLast(ends.count - count)
        bytes.removeLast(bytes.count - (ends.last ?? 0))
        return true
    }
}
