import AddressTable
import Contracts
import Foundation
import Terminal

/// Reads GeoJSON as rows: their columns are `AddressColumnNames.standard`, by the names of the features' properties. It
/// may have a feature on each line, as OpenAddresses has published it since 2020, be a text sequence (RFC 8142), or any
/// feature collection: see `GeoJSONScanner`.
struct GeoJSONReader: RowReader {
    private(set) var row = CSVRow()
    private let path: String
    private let chunk: () throws -> [UInt8]
    private var buffer: [UInt8] = []
    private var position = 0
    private var line = 0
    private var hasHeader = false
    private var meanings: [String: AddressColumnNames.Known?] = [:]
    /// Whether the file's features have properties by codes; `nil` until one is seen.
    private var haveCodes: Bool?
    private let decoder = JSONDecoder()
    /// `nil` for lines.
    private var scanner: GeoJSONScanner?

    /// - Parameters:
    ///   - isLines: whether each line is a feature.
    ///   - chunk: the next bytes of the file; none at its end.
    init(path: String, isLines: Bool, chunk: @escaping () throws -> [UInt8]) {
        self.path = path
        self.chunk = chunk
        scanner = isLines ? nil : GeoJSONScanner(path: path, chunk: chunk)
    }

    /// Whether a line is a feature by itself.
    static func isFeature(_ line: ArraySlice<UInt8>) -> Bool {
        struct Kind: Decodable { var type: String }
        return (try? JSONDecoder().decode(Kind.self, from: Data(trimmed(line))))?.type == "Feature"
    }

    mutating func next() throws -> Bool {
        row.clear()
        guard hasHeader else {
            hasHeader = true
            fill(AddressColumnNames.standard)
            return true
        }
        if scanner != nil { return try nextOfScanner() }
        while let text = try nextLine() {
            row.line = line
            guard let text else {
                row.problem = .tooLong
                return true
            }
            if text.isEmpty { continue }
            read(text)
            return true
        }
        return false
    }

    private mutating func nextOfScanner() throws -> Bool {
        guard let piece = try scanner?.next() else { return false }
        row.line = piece.line
        switch piece.content {
        case .object(let bytes): read(bytes[...])
        case .tooLong: row.problem = .tooLong
        case .broken: row.problem = .noFeature
        }
        return true
    }

    private mutating func read(_ text: ArraySlice<UInt8>) {
        guard let feature = try? decoder.decode(Feature.self, from: Data(text)) else {
            // What is no JSON and no feature is counted as such, and nothing of it is shown.
            row.problem = .noFeature
            return
        }
        var fields = [String](repeating: "", count: AddressColumnNames.standard.count)
        var ranks = [Int](repeating: Int.max, count: fields.count)
        if let point = feature.geometry?.point {
            (fields[0], fields[1]) = ("\(point.0)", "\(point.1)")
            (ranks[0], ranks[1]) = (-1, -1)
        }
        for (name, value) in feature.properties ?? [:] {
            guard let value = value.text, let known = meaning(of: name),
                case let column = known.meaning.rawValue, known.rank < ranks[column],
                value.contains(where: { $0 != " " }), !HouseNumber.none.contains(value.uppercased()),
                !known.isVague || AddressColumnNames.isUnderstood(value, known.meaning)
            else { continue }
            if known.isCode {
                if haveCodes == nil { haveCodes = AddressColumnNames.haveCodes((feature.properties ?? [:]).keys) }
                if haveCodes == false { continue }
            }
            (fields[column], ranks[column]) = (value, known.rank)
        }
        fill(fields)
    }

    private mutating func meaning(of name: String) -> AddressColumnNames.Known? {
        if let known = meanings[name] { return known }
        let meaning = AddressColumnNames.meaning(of: name)
        // A file may have as many names as it likes.
        if meanings.count < 1000 { meanings[name] = .some(meaning) }
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
            let numbers: [Degrees]
            switch try fields.decode(String.self, forKey: .type) {
            case "Point": numbers = try fields.decode([Degrees].self, forKey: .coordinates)
            case "MultiPoint":
                let points = try fields.decode([[Degrees]].self, forKey: .coordinates)
                guard points.count == 1 else { return }
                numbers = points[0]
            default: return
            }
            if numbers.count >= 2, let longitude = numbers[0].value, let latitude = numbers[1].value {
                point = (longitude, latitude)
            }
        }
    }

    /// Heights may be null, and some programs quote all numbers.
    private struct Degrees: Decodable {
        var value: Double?

        init(from decoder: any Decoder) throws {
            let content = try decoder.singleValueContainer()
            if content.decodeNil() { return }
            if let number = try? content.decode(Double.self) {
                value = number
            } else {
                value = Double(try content.decode(String.self))
            }
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
