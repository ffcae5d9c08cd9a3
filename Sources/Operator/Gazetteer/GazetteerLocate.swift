import AddressTable
import ArgumentParser
import Contracts
import Foundation
import Places

/// `intake gazetteer locate`: for measuring how good the answers are.
struct GazetteerLocate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "locate",
        abstract: "Say for each row of a CSV file where the geocoding that needs no network finds it.",
        discussion: """
            The header names city, state (or region) and zip (or postcode), and for an address table also number and street, or \
            address. Writes line,lat,lon,precision as CSV, empty where nothing is known; the time that look-ups \
            took goes to standard error.
            """)

    @Argument(help: "The CSV file; - for standard input.", completion: .file(extensions: ["csv"]))
    var file: String

    @Option(help: "Look into this address table first.", completion: .file(extensions: ["sqlite"]))
    var addresses: String?

    @Option(help: "The gazetteer. (default: the one shipped beside the executable)", completion: .file())
    var gazetteer: String?

    func run() async throws {
        let finder = PlaceFinder(gazetteer: try GazetteerFile.read(gazetteer))
        let table = try addresses.map { try AddressTable(path: $0) }
        var reader = try CSVFile(path: file).rowReader()
        guard try reader.next() else { throw OperatorError("\(file) is empty") }
        let columns = try AddressColumns(header: reader.row, file: file)
        guard columns.zip != nil || columns.city != nil else {
            throw OperatorError("\(file): the header lacks zip or city")
        }
        var output = "line,lat,lon,precision\n"
        var took = Duration.zero
        var rows = 0
        while try reader.next() {
            var row = reader.row
            if row.isBlank || row.problem != nil || row.hasNothing || !row.fit(columns.count) { continue }
            let address = Self.address(row, columns)
            let start = ContinuousClock.now
            let location = try await Self.location(address, table, finder)
            took += ContinuousClock.now - start
            rows += 1
            output += "\(row.line),"
            output += location.map { "\($0.latitude),\($0.longitude),\($0.precision.rawValue)\n" } ?? ",,\n"
        }
        try FileHandle.standardOutput.write(contentsOf: Data(output.utf8))
        let microseconds = rows == 0 ? 0 : Int(took / .microseconds(1) / Double(rows))
        try FileHandle.standardError.write(contentsOf: Data("\(rows) look-ups, \(microseconds) µs each\n".utf8))
    }

    private static func address(_ row: CSVRow, _ columns: AddressColumns) -> PostalAddress {
        func text(_ column: Int?) -> String { column.map { String(decoding: row[$0], as: UTF8.self) } ?? "" }
        let street = columns.street == nil ? text(columns.line) : "\(text(columns.number)) \(text(columns.street))"
        let state = text(columns.state)
        let digits = text(columns.zip)
        // Spreadsheets drop leading zeros.
        let zip = (3...4).contains(digits.count) ? String(repeating: "0", count: 5 - digits.count) + digits : digits
        return PostalAddress(
            street: street, city: text(columns.city), state: USState.code(written: state) ?? state, zip: zip)
    }

    private static func location(
        _ address: PostalAddress, _ table: AddressTable?, _ finder: PlaceFinder
    ) async throws -> GeocodedLocation? {
        if let table, let question = AddressQuestion(address), let match = try await table.find(question) {
            return GeocodedLocation(
                latitude: match.latitude, longitude: match.longitude, precision: match.precision, source: "addresses")
        }
        return finder.find(zip: ZIPCode(address.zip), city: address.city, state: address.state).location
    }
}
