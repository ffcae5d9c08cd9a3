import Contracts
import Foundation
import Terminal

/// Reads rows one after the other; the first is the header.
protocol RowReader {
    /// The row that was read last.
    var row: CSVRow { get }
    /// Reads the next row; false at the end of the file.
    mutating func next() throws -> Bool
}

extension CSVReader: RowReader {}

/// Where rows come from: a file, or standard input as `-`.
struct CSVFile {
    private static let chunkLength = 1 << 20

    let path: String
    private let handle: FileHandle

    /// - Throws: `CommandError` when there is no such file, or it may not be read.
    init(path: String) throws(CommandError) {
        self.path = path
        if path == "-" {
            handle = .standardInput
        } else if let file = FileHandle(forReadingAtPath: path) {
            handle = file
        } else {
            throw CommandError("\(path) cannot be read")
        }
    }

    /// Bytes; `nil` for what is no ordinary file.
    var length: Int? {
        var status = stat()
        guard fstat(handle.fileDescriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// Reads CSV, or GeoJSON with a feature on each line; the first byte tells which.
    /// - Throws: `CommandError` when the file cannot be read, or is no text that this command reads.
    func rowReader(_ didRead: @escaping (Int) -> Void = { _ in }) throws -> any RowReader {
        var first: [UInt8]? = try chunk(didRead)
        var start = (first ?? [])[...]
        if start.starts(with: [0xEF, 0xBB, 0xBF]) { start = start.dropFirst(3) }
        if start.starts(with: [0x1F, 0x8B]) {
            throw CommandError("\(path) is compressed: gzip -dc \(path) | … import -")
        }
        if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) { throw CommandError("\(path) is a ZIP archive: unpack it") }
        let opening = start.first { !" \r\n\t".utf8.contains($0) }
        let chunks = {
            if let bytes = first {
                first = nil
                return bytes
            }
            return try chunk(didRead)
        }
        if opening == UInt8(ascii: "{"), Self.isTopology(start) {
            throw CommandError("\(path) is TopoJSON: convert it to GeoJSON, with topo2geo or ogr2ogr")
        }
        // RFC 8142: a text sequence has a separator before each feature.
        if let opening, [UInt8(ascii: "{"), UInt8(ascii: "["), 0x1E].contains(opening) {
            let line = start.drop { " \r\n\t".utf8.contains($0) }.prefix { $0 != UInt8(ascii: "\n") }
            let isLines = opening == 0x1E || GeoJSONReader.isFeature(line)
            return GeoJSONReader(path: path, isLines: isLines, chunk: chunks)
        }
        return try csvReader(separator: Self.separator(of: start), chunks)
    }

    /// Whether it says so before it says anything else: arcs and objects may come first, but then no feature does.
    private static func isTopology(_ start: ArraySlice<UInt8>) -> Bool {
        let text = String(decoding: start.prefix(1 << 16), as: UTF8.self).filter { !$0.isWhitespace }
        return text.contains("\"type\":\"Topology\"") && !text.contains("\"type\":\"Feature")
    }

    /// What stands between the fields of a header: a comma, or what spreadsheets and databases write instead. A line
    /// above it, as `sep=;` or a title, has hardly any.
    private static func separator(of start: ArraySlice<UInt8>) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in start.prefix(CSVReader.longestRow) {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if counts.values.contains(where: { $0 > 1 }) { break }
                counts = [:]
            }
            if ",;\t|".utf8.contains(byte) { counts[byte, default: 0] += 1 }
        }
        let comma = UInt8(ascii: ",")
        guard let most = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }), most.value > counts[comma] ?? 0
        else { return comma }
        return most.key
    }

    private func chunk(_ didRead: (Int) -> Void) throws -> [UInt8] {
        do {
            let data = try handle.read(upToCount: Self.chunkLength) ?? Data()
            didRead(data.count)
            return [UInt8](data)
        } catch {
            throw CommandError("\(path) cannot be read")
        }
    }

    private func csvReader(separator: UInt8, _ chunks: @escaping () throws -> [UInt8]) throws -> CSVReader {
        let reader = try CSVReader(separator: separator, chunk: chunks)
        if reader.isUTF16 { throw CommandError("\(path) is UTF-16: save it as UTF-8") }
        return reader
    }
}
