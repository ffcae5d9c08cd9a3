import AddressTable
import Contracts

/// Reads the street of a row, each spelling once: a street's houses come one after the other in most files.
struct StreetReader {
    /// What rows are given that do not say where they are.
    struct Defaults {
        var city = ""
        /// USPS code.
        var state: String?
        /// 0 for none.
        var zip = 0
        /// `nil` where nothing is filled by the point.
        var byPoint: PlaceByPoint?
    }

    /// A street of the table, and what of its place the reading of house numbers depends on.
    struct Street {
        var id: Int64
        var zip: Int
        var state: String
    }

    /// Spellings that are remembered, about 30 MB.
    private static let remembered = 150_000

    /// A street that has been read, and what was understood otherwise than written in each row of that spelling.
    private struct Known {
        var street: Street
        var changes: ImportSummary.Changes
    }

    /// A street and the places that it may be in.
    private struct Guess: Hashable {
        var street: Int64
        var places: PlaceByPoint.Places
    }

    /// A hundredth of a degree: what lies near is the same for all of it.
    private struct Cell: Hashable {
        var latitude: Int
        var longitude: Int
    }

    private let defaults: Defaults
    private var near: [Cell: PlaceByPoint.Places?] = [:]
    private var known: [[UInt8]: Known] = [:]
    private var guesses: Set<Guess> = []

    init(defaults: Defaults) { self.defaults = defaults }

    /// The row's street in the table.
    mutating func street(
        of house: AddressRow, _ row: CSVRow, _ columns: AddressColumns, line: StreetLine?,
        _ filling: AddressTableFilling,
        changes: inout ImportSummary.Changes
    ) throws -> Street {
        var key: [UInt8] = []
        for column in columns.ofStreet {
            key += row[column]
            key.append(0)
        }
        withUnsafeBytes(of: house.zip) { key += $0 }
        // A line has its number in it, and is read once.
        if line == nil, let known = known[key] { return count(known, &changes) }
        var own: ImportSummary.Changes = [:]
        var (place, guess) = try place(of: house, row, columns, &own)
        if let guess {
            // Where a row lies says its point, not its spelling.
            place.isGuessed = true
            key += "\(guess.zips[0]) \(guess.cities.first ?? "")".utf8
        }
        var known = line == nil ? known[key] : nil
        if known == nil {
            let name = try name(row, columns, line, state: place.state, &own)
            let id = try filling.street(name, in: place)
            known = Known(street: Street(id: id, zip: place.zip, state: place.state), changes: own)
        }
        if let guess, let id = known?.street.id, !guesses.contains(Guess(street: id, places: guess)) {
            try add(try name(row, columns, line, state: place.state, &own), to: guess, street: id, filling)
        }
        guard let known else { throw AddressRow.Malformed(reason: .noStreet) }
        if self.known.count == Self.remembered { self.known.removeAll(keepingCapacity: true) }
        if line == nil { self.known[key] = known }
        return count(known, &changes)
    }

    private func count(_ known: Known, _ changes: inout ImportSummary.Changes) -> Street {
        for (change, count) in known.changes { changes[change, default: 0] += count }
        return known.street
    }

    /// Each place that the street may be in has it.
    private mutating func add(
        _ name: StreetName, to guess: PlaceByPoint.Places, street: Int64, _ filling: AddressTableFilling
    ) throws {
        if guesses.count == Self.remembered { guesses.removeAll(keepingCapacity: true) }
        guesses.insert(Guess(street: street, places: guess))
        for zip in guess.zips.dropFirst() {
            var place = AddressTableFilling.Place(zip: zip, state: guess.state, city: guess.cities.first ?? "")
            place.isGuessed = true
            try filling.add(name, alsoIn: place, housesOf: street)
        }
        for city in guess.cities.dropFirst() {
            var place = AddressTableFilling.Place(zip: 0, state: guess.state, city: city)
            place.isGuessed = true
            try filling.add(name, alsoIn: place, housesOf: street)
        }
    }

    private func name(
        _ row: CSVRow, _ columns: AddressColumns, _ line: StreetLine?, state: String,
        _ changes: inout ImportSummary.Changes
    ) throws -> StreetName {
        if let line { return line.street }
        guard let name = StreetName(try columns.street(row, &changes), state: state) else {
            throw AddressRow.Malformed(reason: .noStreet)
        }
        return name
    }

    /// USPS code of the state that the row names; empty for none.
    static func state(
        _ row: CSVRow, _ columns: AddressColumns, _ changes: inout ImportSummary.Changes
    ) throws(AddressRow.Malformed) -> String {
        let field = columns.value(.state, row, &changes)
        if field.isEmpty { return "" }
        guard let code = USState.code(written: try text(field)) else { throw AddressRow.Malformed(reason: .badState) }
        return code
    }

    /// What files have in the place of a city for an address outside of all.
    private static let noCity: Set = [
        "UNINCORPORATED", "UNINCORP", "UNINC", "UNINCORPORATED AREA", "NOT STATED", "NOT INCORPORATED", "NO CITY",
        "COUNTY", "RURAL", "NON-INCORPORATED", "UNINCORPORATED COUNTY", "OTHER",
    ]

    /// The city that the row names; empty for none.
    static func city(
        _ row: CSVRow, _ columns: AddressColumns, _ changes: inout ImportSummary.Changes
    ) throws(AddressRow.Malformed) -> String {
        let city = try text(columns.value(.city, row, &changes))
        guard noCity.contains(city.uppercased()) else { return city }
        changes[.none, default: 0] += 1
        return ""
    }

    /// Where the row says that the house is; else what was given for such rows; else what lies at its point.
    private mutating func place(
        of house: AddressRow, _ row: CSVRow, _ columns: AddressColumns, _ changes: inout ImportSummary.Changes
    ) throws -> (AddressTableFilling.Place, PlaceByPoint.Places?) {
        var state = try Self.state(row, columns, &changes)
        let city = try Self.city(row, columns, &changes)
        let (hasCity, hasZIP) = (!city.isEmpty, house.zip > 0)
        let isGiven =
            state.isEmpty && defaults.state != nil || !hasZIP && defaults.zip > 0 || !hasCity && !defaults.city.isEmpty
        if isGiven { changes[.given, default: 0] += 1 }
        if state.isEmpty { state = defaults.state ?? "" }
        var place = AddressTableFilling.Place(
            zip: hasZIP ? house.zip : defaults.zip, state: state,
            city: AddressQuestion.city(hasCity ? city : defaults.city, state: state))
        if place.zip > 0 || !place.city.isEmpty && !place.state.isEmpty { return (place, nil) }
        guard let filled = places(near: house),
            place.state.isEmpty || place.state == filled.state
        else { throw AddressRow.Malformed(reason: .noPlace) }
        changes[.filled, default: 0] += 1
        place.state = filled.state
        // A city that is named has its ZIPs; only the state was missing.
        guard place.city.isEmpty else { return (place, nil) }
        (place.zip, place.city) = (filled.zips[0], filled.cities.first ?? "")
        return (place, filled)
    }

    private mutating func places(near house: AddressRow) -> PlaceByPoint.Places? {
        guard let byPoint = defaults.byPoint else { return nil }
        let cell = Cell(
            latitude: Int(clamping: (house.latitude * 100).rounded()),
            longitude: Int(clamping: (house.longitude * 100).rounded()))
        if let places = near[cell] { return places }
        if near.count == Self.remembered { near.removeAll(keepingCapacity: true) }
        let places = byPoint.places(latitude: Double(cell.latitude) / 100, longitude: Double(cell.longitude) / 100)
        near[cell] = .some(places)
        return places
    }

    static func text(_ field: ArraySlice<UInt8>) throws(AddressRow.Malformed) -> String {
        guard let text = String(validating: field, as: UTF8.self) else { throw AddressRow.Malformed(reason: .notUTF8) }
        return text
    }
}
