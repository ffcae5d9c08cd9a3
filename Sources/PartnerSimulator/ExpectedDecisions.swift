import Contracts
import Foundation
import Terminal

/// What requests must be told: a CSV file (RFC 4180) whose first line names its columns, `providerRequestId` and
/// `acceptance` (`true` or `false`) among them.
struct ExpectedDecisions: Sendable, Equatable {
    private let byID: [String: Bool]

    /// - Throws: `CommandError`, which names the file and the line.
    init(path: String) throws(CommandError) {
        guard let content = FileManager.default.contents(atPath: path) else {
            throw CommandError("\(path) cannot be read")
        }
        guard let text = String(data: content, encoding: .utf8) else { throw CommandError("\(path): is not UTF-8") }
        try self.init(text: text, name: path)
    }

    init(text: String, name: String) throws(CommandError) {
        var reader = CSVReader(bytes: Array(text.utf8))
        guard let header = Self.next(&reader), header.problem == nil,
            let idColumn = (0..<header.count).first(where: { header.text($0) == "providerRequestId" }),
            let acceptanceColumn = (0..<header.count).first(where: { header.text($0) == "acceptance" })
        else { throw CommandError("\(name): the first line must name the columns providerRequestId and acceptance") }
        var byID: [String: Bool] = [:]
        while let row = Self.next(&reader) {
            let place = "\(name), line \(row.line)"
            guard row.problem == nil, row.count == header.count else {
                throw CommandError("\(place): does not have the \(header.count) columns of the first line")
            }
            let acceptance: Bool
            switch row.text(acceptanceColumn).lowercased() {
            case "true": acceptance = true
            case "false": acceptance = false
            default: throw CommandError("\(place): acceptance must be true or false")
            }
            guard byID.updateValue(acceptance, forKey: row.text(idColumn)) == nil else {
                throw CommandError("\(place): has the same providerRequestId as an earlier line")
            }
        }
        self.byID = byID
    }

    /// The next line that holds something. The reader has all bytes, and so nothing to throw.
    private static func next(_ reader: inout CSVReader) -> CSVRow? {
        while (try? reader.next()) == true {
            let row = reader.row
            if !(row.count == 1 && row.hasNothing), !row.isBlank { return row }
        }
        return nil
    }

    subscript(id: String) -> Bool? { byID[id] }
}
