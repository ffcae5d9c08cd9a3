import AddressTable
import ArgumentParser
import Contracts
import Foundation
import Places
import Terminal

/// `intake gazetteer`: where addresses are, without asking anybody.
struct GazetteerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gazetteer",
        abstract: "Make a table of addresses of your own, and try where an address is found.",
        subcommands: [GazetteerImport.self, GazetteerLookup.self, GazetteerLocate.self])
}

/// `intake gazetteer lookup`
struct GazetteerLookup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lookup",
        abstract: "Look for one address in an address table.",
        discussion: "Exits 0 when the table has it, 1 when not.")

    @Argument(help: "The address, e.g. \"901 Bagby St, Houston, TX 77002\".")
    var address: String

    @Option(help: "The table, made by intake gazetteer import.", completion: .file(extensions: ["sqlite"]))
    var file: String

    @Flag(help: "Print it as JSON.")
    var json = false

    private struct View: Encodable {
        var found: String
        var latitude: Double
        var longitude: Double
        var precision: String
        var confidence: Double
        var uncertaintyKilometres: Double

        init(_ match: AddressMatch) {
            found = match.text
            latitude = match.latitude
            longitude = match.longitude
            precision = match.precision.rawValue
            confidence = match.confidence
            uncertaintyKilometres = match.uncertaintyKilometres
        }
    }

    func run() async throws {
        guard let address = AddressText.address(address) else {
            throw CommandError("write the address as 901 Bagby St, Houston, TX 77002")
        }
        let table = try AddressTable(path: file)
        guard let question = AddressQuestion(address), let match = try await table.find(question) else {
            throw CommandError("no such address")
        }
        try Output.write(json ? .json(View(match)) : .text(Self.text(match)))
    }

    static func text(_ match: AddressMatch) -> String {
        var table = TextTable()
        table.add("found", match.text)
        table.add("at", "\(match.latitude), \(match.longitude)")
        table.add("precision", match.precision.rawValue)
        table.add("confidence", "\((match.confidence * 100).rounded() / 100)")
        table.add("within", "\(Int((match.uncertaintyKilometres * 1000).rounded())) m")
        return table.lines.map(PrintableText.of).joined(separator: "\n") + "\n"
    }
}

/// `intake gazetteer locate`: for measuring how good the answers are.
struct GazetteerLocate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "locate",
        abstract: "Say for each row of a CSV file where the geocoding that needs no network finds it.",
        discussion: """
            The header names city, state (or region) and zip (or postcode), and for an address table also number and \
            street, or address. Writes line, lat, lon, precision, within (kilometres), what was found, and county as \
            CSV, empty where nothing is known; several counties are those that the address may lie in. The time that \
            look-ups took goes to standard error.
            """)

    @Argument(help: "The CSV file; - for standard input.", completion: .file(extensions: ["csv"]))
    var file: String

    @Option(help: "Look into this address table first.", completion: .file(extensions: ["sqlite"]))
    var addresses: String?

    @Option(help: "The gazetteer. (default: the one shipped beside the executable)", completion: .file())
    var gazetteer: String?

    @Flag(help: "Write JSON in place of CSV.")
    var json = false

    fileprivate struct Place: Encodable {
        var line: Int
        var latitude: Double?
        var longitude: Double?
        var precision: String?
        var uncertaintyKilometres: Double?
        /// Of an address table.
        var found: String?
        /// FIPS codes, the likeliest first.
        var counties: [String]
    }

    func run() async throws {
        let finder = PlaceFinder(gazetteer: try GazetteerFile.read(gazetteer))
        let table = try addresses.map { try AddressTable(path: $0) }
        var reader = try CSVFile(path: file).rowReader()
        let columns = try AddressColumns.header(of: &reader, file: file)
        guard columns[.zip] != nil || columns[.city] != nil else {
            throw CommandError("\(file): the header lacks zip or city")
        }
        var output = "line,lat,lon,precision,within,found,county\n"
        var places: [Place] = []
        var took = Duration.zero
        var rows = 0
        while try reader.next() {
            var row = reader.row
            if row.isBlank || row.problem != nil || row.hasNothing || !row.fit(columns.count) { continue }
            let address = try Self.address(row, columns)
            let start = ContinuousClock.now
            let place = try await Self.place(address, line: row.line, table, finder)
            took += ContinuousClock.now - start
            rows += 1
            if json { places.append(place) } else { output += place.csv }
        }
        try Output.write(json ? .json(places) : .text(output))
        let microseconds = rows == 0 ? 0 : Int(took / .microseconds(1) / Double(rows))
        try FileHandle.standardError.write(contentsOf: Data("\(rows) look-ups, \(microseconds) µs each\n".utf8))
    }

    private static func address(_ row: CSVRow, _ columns: AddressColumns) throws -> PostalAddress {
        var changes: ImportSummary.Changes = [:]
        func text(_ meaning: AddressColumns.Meaning) -> String {
            String(decoding: columns.value(meaning, row, &changes), as: UTF8.self)
        }
        let street = columns.hasStreet(row) ? "\(text(.number)) \(try columns.street(row, &changes))" : text(.line)
        let state = text(.state)
        let digits = text(.zip)
        // Spreadsheets drop leading zeros.
        let zip = (3...4).contains(digits.count) ? digits.zeroPadded(to: 5) : digits
        return PostalAddress(
            street: street, city: text(.city), state: USState.code(written: state) ?? state, zip: zip)
    }

    private static func place(
        _ address: PostalAddress, line: Int, _ table: AddressTable?, _ finder: PlaceFinder
    ) async throws -> Place {
        let finding = finder.find(zip: ZIPCode(address.zip), city: address.city, state: address.state)
        let counties = finding.counties.map(\.fips)
        var place = Place(line: line, counties: counties.isEmpty ? [finding.county?.fips].compactMap(\.self) : counties)
        if let table, let question = AddressQuestion(address), let match = try await table.find(question) {
            (place.latitude, place.longitude) = (match.latitude, match.longitude)
            (place.precision, place.found) = (match.precision.rawValue, match.text)
            place.uncertaintyKilometres = match.uncertaintyKilometres
        } else if let location = finding.location {
            (place.latitude, place.longitude) = (location.latitude, location.longitude)
            (place.precision, place.uncertaintyKilometres) =
                (location.precision.rawValue, location.uncertaintyKilometres)
        }
        return place
    }
}

extension GazetteerLocate.Place {
    fileprivate var csv: String {
        let fields: [String?] = [
            "\(line)", latitude.map { "\($0)" }, longitude.map { "\($0)" }, precision,
            uncertaintyKilometres.map { "\($0)" }, found.map { "\"\($0)\"" }, counties.joined(separator: " "),
        ]
        return fields.map { $0 ?? "" }.joined(separator: ",") + "\n"
    }
}

/// An address in one line, as people write it: `901 Bagby St, Houston, TX 77002`.
enum AddressText {
    /// `nil` unless it has a street, a city, and a state; street and city are set off by commas, and the ZIP may be
    /// missing.
    static func address(_ text: String) -> PostalAddress? {
        var parts = text.split(separator: ",").map { part in
            part.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        guard parts.count >= 2 else { return nil }
        var last = parts.removeLast().split(separator: " ").map(String.init)
        var zip = ""
        if let digits = last.last, digits.first?.isNumber == true {
            zip = digits
            last.removeLast()
        }
        // `Houston TX`, `Santa Fe New Mexico`: the longest name that is a state's.
        guard
            let start = last.indices.first(where: { USState.code(written: last[$0...].joined(separator: " ")) != nil }),
            let state = USState.code(written: last[start...].joined(separator: " "))
        else { return nil }
        let city = start > 0 ? last[..<start].joined(separator: " ") : parts.removeLast()
        guard !parts.isEmpty else { return nil }
        return PostalAddress(street: parts.joined(separator: ", "), city: city, state: state, zip: zip)
    }
}
