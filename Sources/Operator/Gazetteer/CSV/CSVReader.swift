/// Reads CSV (RFC 4180) row by row: quoted fields with commas, quotes and line breaks in them, lines that end in LF, CRLF or
/// CR, a byte order mark. Packages for this read whole files into memory, or give up at the first row that is wrong; a file
/// of a state's addresses has gigabytes, and always a few rows that are.
///
/// A row that is wrong costs that row alone: reading goes on at the line after the one on which it began.
struct CSVReader {
    /// Longer rows are not taken: they are a forgotten quote. Bytes.
    static let longestRow = 65_536

    private enum State { case fieldStart, plain, quoted, closed }
    private enum End { case row, file }

    /// The row that was read last.
    private(set) var row = CSVRow()
    private let chunk: () throws -> [UInt8]
    private var buffer: [UInt8] = []
    private var position = 0
    private var rowStart = 0
    private var line = 1

    /// - Parameter chunk: the next bytes of the file; none at its end.
    init(chunk: @escaping () throws -> [UInt8]) throws {
        self.chunk = chunk
        while buffer.count < 3, try refill() {}
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// Whether the file begins as UTF-16 does, with or without a byte order mark.
    var isUTF16: Bool {
        buffer.starts(with: [0xFF, 0xFE]) || buffer.starts(with: [0xFE, 0xFF])
            || (buffer.count > 1 && (buffer[0] == 0 || buffer[1] == 0))
    }

    /// Reads the next row; false at the end of the file.
    mutating func next() throws -> Bool {
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
            case (UInt8(ascii: "\""), .fieldStart): state = .quoted
            case (UInt8(ascii: "\""), .quoted): state = .closed
            case (UInt8(ascii: "\""), .closed):
                row.append(byte)
                state = .quoted
            case (_, .quoted):
                if byte == UInt8(ascii: "\n") { line += 1 }
                row.append(byte)
            case (UInt8(ascii: ","), _):
                row.endField()
                state = .fieldStart
            case (UInt8(ascii: "\n"), _), (UInt8(ascii: "\r"), _):
                row.endField()
                try endLine(byte)
                return true
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
