import HTTPListener

/// What a description says, of the Markdown that descriptions are written in (CommonMark, as OpenAPI wants it) as much
/// as ours need: paragraphs, tables, `code` and **strong** words. Anything else is shown as it is written.
struct DescriptionText: Sendable, Equatable {
    /// Words of one kind.
    struct Run: Sendable, Equatable {
        var words: String
        var isCode = false
        var isStrong = false
    }

    struct Cell: Sendable, Equatable { var runs: [Run] }
    struct Row: Sendable, Equatable { var cells: [Cell] }

    /// A paragraph or a table.
    struct Block: Sendable, Equatable {
        var isTable = false
        var runs: [Run] = []
        var heads: [Cell] = []
        var rows: [Row] = []
    }

    var blocks: [Block] = []

    init(_ markdown: String) {
        var paragraph: [Substring] = []
        var lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)
        lines.append("")
        for line in lines.map({ $0.drop { $0 == " " } }) {
            guard line.isEmpty else {
                paragraph.append(line)
                continue
            }
            if !paragraph.isEmpty { blocks.append(Self.block(paragraph)) }
            paragraph = []
        }
    }

    private static func block(_ lines: [Substring]) -> Block {
        guard lines.count > 2, lines.allSatisfy({ $0.first == "|" }) else {
            return Block(runs: runs(lines.joined(separator: " ")))
        }
        let rows = lines.map(cells)
        return Block(isTable: true, heads: rows[0], rows: rows.dropFirst(2).map(Row.init))
    }

    private static func cells(_ line: Substring) -> [Cell] {
        line.split(separator: "|").map { Cell(runs: runs(String($0.trimmingBlanks()))) }.filter { !$0.runs.isEmpty }
    }

    /// A mark without its end is a character as any other.
    static func runs(_ text: String) -> [Run] {
        var runs: [Run] = []
        var plain = ""
        var rest = text[...]
        func flush(_ run: Run) {
            if !plain.isEmpty { runs.append(Run(words: plain)) }
            plain = ""
            runs.append(run)
        }
        while let character = rest.first {
            if character == "`", let end = rest.dropFirst().firstIndex(of: "`") {
                flush(Run(words: String(rest[rest.index(after: rest.startIndex)..<end]), isCode: true))
                rest = rest[rest.index(after: end)...]
            } else if rest.hasPrefix("**"), let end = rest.dropFirst(2).firstRange(of: "**") {
                flush(Run(words: String(rest.dropFirst(2)[..<end.lowerBound]), isStrong: true))
                rest = rest[end.upperBound...]
            } else {
                plain.append(character)
                rest.removeFirst()
            }
        }
        if !plain.isEmpty { runs.append(Run(words: plain)) }
        return runs
    }
}
