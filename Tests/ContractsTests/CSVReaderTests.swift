import Testing

@testable import Contracts

@Suite struct CSVReaderTests {
    private struct Read: Equatable {
        var line: Int
        var fields: [String]
        var problem: CSVRow.Problem?

        init(_ line: Int, _ fields: [String] = [], _ problem: CSVRow.Problem? = nil) {
            self.line = line
            self.fields = problem == nil ? fields : []
            self.problem = problem
        }
    }

    /// - Parameter chunk: how many bytes come at a time.
    private func rows(_ text: String, chunk: Int = 1 << 20) throws -> [Read] {
        try rows(Array(text.utf8), chunk: chunk)
    }

    private func rows(_ bytes: [UInt8], chunk: Int) throws -> [Read] {
        var rest = bytes[...]
        var reader = try CSVReader {
            defer { rest = rest.dropFirst(chunk) }
            return Array(rest.prefix(chunk))
        }
        var rows: [Read] = []
        while try reader.next() {
            let row = reader.row
            let fields = (0..<row.count).map { String(decoding: row[$0], as: UTF8.self) }
            rows.append(Read(row.line, fields, row.problem))
        }
        return rows
    }

    private static let text = "a,b\r\n\"1,5\",\"say \"\"no\"\"\"\n\"two\nlines\",x\r,\n\nlast,\"\""
    private static let expected = [
        Read(1, ["a", "b"]), Read(2, ["1,5", "say \"no\""]), Read(3, ["two\nlines", "x"]), Read(5, ["", ""]),
        Read(6, [""]),
        Read(7, ["last", ""]),
    ]

    @Test(arguments: [1, 2, 3, 5, 7, 1000])
    func theSameRowsComeHoweverTheBytesDo(_ chunk: Int) throws {
        #expect(try rows(Self.text, chunk: chunk) == Self.expected)
        #expect(try rows("\u{FEFF}" + Self.text, chunk: chunk) == Self.expected)
    }

    @Test func anEmptyFileHasNoRows() throws {
        #expect(try rows("").isEmpty)
        #expect(try rows("\u{FEFF}").isEmpty)
        #expect(try rows("\n") == [Read(1, [""])])
    }

    @Test(arguments: [1, 4, 1000])
    func textBehindAClosingQuoteCostsItsRow(_ chunk: Int) throws {
        #expect(
            try rows("a\n\"b\"c,\"d\ne\nf,\"g\"\"\"\n", chunk: chunk)
                == [Read(1, ["a"]), Read(2, [], .afterQuote), Read(3, ["e"]), Read(4, ["f", "g\""])])
    }

    @Test(arguments: [1, 3, 1000])
    func blanksAroundQuotesGoAndOthersStay(_ chunk: Int) throws {
        #expect(
            try rows("a,  \"b, c\" ,d\n x, \n", chunk: chunk) == [Read(1, ["a", "b, c", "d"]), Read(2, [" x", " "])])
    }

    @Test func whatIsThereAsAWholeIsReadAlike() throws {
        var reader = CSVReader(bytes: Array(("\u{FEFF}" + Self.text).utf8))
        for expected in Self.expected {
            #expect(try reader.next())
            let row = reader.row
            #expect(Read(row.line, (0..<row.count).map { String(decoding: row[$0], as: UTF8.self) }) == expected)
        }
        #expect(try !reader.next())
    }

    @Test func aQuoteWithinAFieldIsAQuote() throws { #expect(try rows("5\" pipe,b") == [Read(1, ["5\" pipe", "b"])]) }

    @Test(arguments: [1, 4, 1000])
    func aQuoteThatIsNeverClosedCostsItsRow(_ chunk: Int) throws {
        #expect(
            try rows("a\n\"b,c\nd\ne\n", chunk: chunk)
                == [Read(1, ["a"]), Read(2, [], .openQuote), Read(3, ["d"]), Read(4, ["e"])])
        #expect(try rows("a\n\"b", chunk: chunk) == [Read(1, ["a"]), Read(2, [], .openQuote)])
    }

    @Test(arguments: [1000, 70_000, 1 << 20])
    func aRowThatIsTooLongCostsItself(_ chunk: Int) throws {
        let long = String(repeating: "x", count: 300_000)
        #expect(
            try rows("a\n\(long),b\nc\n", chunk: chunk) == [Read(1, ["a"]), Read(2, [], .tooLong), Read(3, ["c"])])
        #expect(try rows("a\n\(long)", chunk: chunk) == [Read(1, ["a"]), Read(2, [], .tooLong)])
        // A forgotten quote swallows no more than its row.
        let many = String(repeating: "1,2\n", count: 30_000)
        let read = try rows("a\n\"open,2\n\(many)", chunk: chunk)
        #expect(read.count == 30_002)
        #expect(read[1] == Read(2, [], .tooLong))
        #expect(read.last == Read(30_002, ["1", "2"]))
    }

    @Test func utf16IsRecognised() throws {
        var parts: [[UInt8]] = [[0xFF, 0xFE, 0x61, 0, 0x0A, 0]]
        #expect(try CSVReader { parts.popLast() ?? [] }.isUTF16)
        parts = [[0x61, 0, 0x0A, 0]]
        #expect(try CSVReader { parts.popLast() ?? [] }.isUTF16)
        parts = [Array("a,b".utf8)]
        #expect(try !CSVReader { parts.popLast() ?? [] }.isUTF16)
    }
}
