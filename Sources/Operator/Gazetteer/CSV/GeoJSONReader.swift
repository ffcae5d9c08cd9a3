import Contracts
import Foundation
import Terminal

/// Reads GeoJSON with a feature on each line, as OpenAddresses has published it since 2020, as rows: their columns are
/// `AddressColumns.standardNames`, by the names of the features' properties. A feature collection in which each feature
/// has a line of its own, as GDAL writes it, is read too, and so are text sequences (RFC 8142).
struct GeoJSONReader: RowReader {
    private(set) var row = CSVRow()
    private let path: String
    private let chunk: () throws -> [UInt8]
    private var buffer: [UInt8] = []
    private var position = 0
    private var line = 0
    private var hasHeader = false
    private var hasFeature = false
    private var meanings: [String: Int?] = [:]
    private let decoder = JSONDecoder()

    /// - Parameter chunk: the next bytes of the file; none at its end.
    init(path: String, chunk: @escaping () throws -> [UInt8]) {
        self.path = path
        self.chunk = chunk
    }

    mutating func next() throws -> Bool {
        row.clear()
        guard hasHeader else {
            hasHeader = true
            fill(AddressColumns.standardNames)
            return true
        }
        while let text = try nextLine() {
            row.line = line
            guard let text else {
                row.problem = .tooLong
                return true
            }
            // What GDAL writes around its features.
            guard let first = text.first, !"\"]}".utf8.contains(first) else { continue }
            read(text)
            return true
        }
        return false
    }

    private mutating func read(_ text: ArraySlice<UInt8>) {
        guard let feature = try? decoder.decode(Feature.self, from: Data(text)) else {
            // What is no JSON and no feature is counted as such, and nothing of it is shown.
            let isOpening = !hasFeature && text.first == UInt8(ascii: "{") && text.last != UInt8(ascii: "}")
            row.problem = isOpening ? nil : .noFeature
            return
        }
        hasFeature = true
        var fields = [String](repeating: "", count: AddressColumns.standardNames.count)
        if let point = feature.geometry?.point {
            fields[0] = "\(point.0)"
            fields[1] = "\(point.1)"
        }
        for (name, value) in feature.properties ?? [:] {
            guard let value = value.text, let column = meaning(of: name), column > 1 || fields[column].isEmpty else {
                continue
            }
            fields[column] = value
        }
        fill(fields)
    }

    private mutating func meaning(of name: String) -> Int? {
        if let known = meanings[name] { return known }
        let meaning = AddressColumns.meaning(of: name)
        meanings[name] = .some(meaning)
        return meaning
    }

    private mutating func fill(_ fields: [String]) {
        for field in fields {
            row.append(field)
            row.endField()
        }
    }

    /// The next line without blanks, separators and the comma at its end. `nil` at the end of the file, and a `nil`
    /// inside for a line that is longer than any address is.
    private mutating func nextLine() throws -> ArraySlice<UInt8>?? {
        var start = position
        var isTooLong = false
        while true {
            if let end = buffer[position...].firstIndex(of: UInt8(ascii: "\n")) {
                position = end + 1
                line += 1
                return isTooLong || end - start > CSVReader.longestRow ? .some(nil) : Self.trimmed(buffer[start..<end])
            }
            position = buffer.count
            if buffer.count - start > CSVReader.longestRow {
                if line == 0 {
                    throw CommandError("\(path) has all features in one line: write each on its own (GeoJSONSeq)")
                }
                isTooLong = true
                start = buffer.count
            }
            buffer.removeFirst(start)
            position -= start
            start = 0
            let more = try chunk()
            if more.isEmpty {
                guard !buffer.isEmpty || isTooLong else { return nil }
                line += 1
                defer { (buffer, position) = ([], 0) }
                return isTooLong ? .some(nil) : Self.trimmed(buffer[...])
            }
            buffer += more
        }
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        while let first = line.first, [0x20, 0x09, 0x1E, 0xEF, 0xBB, 0xBF].contains(first) { line.removeFirst() }
        while let last = line.last, [0x20, 0x09, 0x0D, UInt8(ascii: ",")].contains(last) { line.removeLast() }
        return line
    }

    private struct Feature: Decodable {
        var properties: [String: Scalar]?
        var geometry: Geometry?
    }

    /// A point; other kinds have no place.
    private struct Geometry: Decodable {
        var point: (Double, Double)?

        private enum CodingKeys: CodingKey { case type, coordinates }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            guard try fields.decode(String.self, forKey: .type) == "Point" else { return }
            let numbers = try fields.decode([Double].self, forKey: .coordinates)
            if numbers.count >= 2 { point = (numbers[0], numbers[1]) }
        }
    }

    private struct Scalar: Decodable {
        /// `nil` for null, and for what is no text and no number.
        var text: String?

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() { return }
            if let text = try? value.decode(String.self) {
                self.text = text
            } else if let number = try? value.decode(Double.self) {
                // 901, and not 901.0.
                text = Int(exactly: number).map(String.init) ?? "\(number)"
            }
        }
    }
}
