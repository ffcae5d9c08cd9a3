import Foundation

/// What requests must be told: a CSV file (RFC 4180) whose first line names its columns, `providerRequestId` and
/// `acceptance` (`true` or `false`) among them.
struct ExpectedDecisions: Sendable, Equatable {
    private let byID: [String: Bool]

    /// - Throws: `SimulationError`, which names the file and the line.
    init(path: String) throws(SimulationError) {
        guard let content = FileManager.default.contents(atPath: path) else {
            throw SimulationError("\(path) cannot be read")
        }
        guard let text = String(data: content, encoding: .utf8) else { throw SimulationError("\(path): is not UTF-8") }
        try self.init(text: text, name: path)
    }

    init(text: String, name: String) throws(SimulationError) {
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
            .filter { !$0.element.allSatisfy(\.isWhitespace) }[...]
        guard let header = lines.popFirst().flatMap({ Self.fields($0.element) }),
            let idColumn = header.firstIndex(of: "providerRequestId"),
            let acceptanceColumn = header.firstIndex(of: "acceptance")
        else { throw SimulationError("\(name): the first line must name the columns providerRequestId and acceptance") }
        var byID: [String: Bool] = [:]
        for (index, line) in lines {
            let place = "\(name), line \(index + 1)"
            guard let fields = Self.fields(line), fields.count == header.count else {
                throw SimulationError("\(place): does not have the \(header.count) columns of the first line")
            }
            let acceptance: Bool
            switch fields[acceptanceColumn].lowercased() {
            case "true": acceptance = true
            case "false": acceptance = false
            default: throw SimulationError("\(place): acceptance must be true or false")
            }
            guard byID.updateValue(acceptance, forKey: fields[idColumn]) == nil else {
                throw SimulationError("\(place): has the same providerRequestId as an earlier line")
            }
        }
        self.byID = byID
    }

    subscript(id: String) -> Bool? { byID[id] }

    /// Splits a line at its commas; a field in quotes may hold commas, and quotes doubled. Line ends inside quotes are
    /// not read.
    private static func fields(_ line: Substring) -> [String]? {
        var fields: [String] = []
        var rest = line
        while true {
            var field = ""
            if rest.first == "\"" {
                rest.removeFirst()
                while true {
                    guard let quote = rest.firstIndex(of: "\"") else { return nil }
                    field += rest[..<quote]
                    rest = rest[rest.index(after: quote)...]
                    guard rest.first == "\"" else { break }
                    field += "\""
                    rest.removeFirst()
                }
                guard rest.isEmpty || rest.first == "," else { return nil }
            } else {
                field = rest.prefix { $0 != "," }.trimmingCharacters(in: .whitespaces)
                rest = rest.drop { $0 != "," }
            }
            fields.append(field)
            guard !rest.isEmpty else { return fields }
            rest.removeFirst()
        }
    }
}
