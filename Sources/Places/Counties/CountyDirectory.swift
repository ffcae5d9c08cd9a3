import Contracts

/// Finds counties by what people call them: FIPS codes and names, of today and of before; and the nearest to what is
/// none.
package struct CountyDirectory: Sendable {
    /// What a text stands for.
    package enum Finding: Sendable, Equatable {
        /// The counties that it means today: several where one that ended was divided.
        case found([County], former: FormerCounty?)
        /// Why it is none, as a clause without a subject.
        case none(String)
    }

    private let byFIPS: [String: County]
    private let byName: [String: [CountyName: String]]
    private let former: [String: FormerCounty]
    /// By USPS code, ascending by FIPS code.
    private let ofState: [String: [County]]
    private let gazetteer: Gazetteer

    package init(_ gazetteer: Gazetteer) {
        self.gazetteer = gazetteer
        byFIPS = Dictionary(gazetteer.counties.map { ($0.fips, $0) }) { first, _ in first }
        ofState = Dictionary(grouping: gazetteer.counties, by: \.state)
        former = Dictionary(FormerCounty.all.map { ($0.fips, $0) }) { first, _ in first }
        var names: [String: [CountyName: String]] = [:]
        // A county of today comes before one that ended and had its name.
        for county in gazetteer.counties { names[county.state, default: [:]][CountyName(county.name)] = county.fips }
        for county in FormerCounty.all where names[county.state]?[CountyName(county.name)] == nil {
            names[county.state, default: [:]][CountyName(county.name)] = county.fips
        }
        for (name, fips) in FormerCounty.otherNames {
            guard let state = USState.code(fips: Int(foreign: fips.prefix(2), in: 0...99) ?? 0) else { continue }
            if names[state]?[CountyName(name)] == nil { names[state, default: [:]][CountyName(name)] = fips }
        }
        byName = names
    }

    /// That of the gazetteer that is shipped with the program; `nil` when it cannot be read, which whoever needs the
    /// gazetteer itself is told.
    package static let shipped = (try? GazetteerFile.read(nil)).map(CountyDirectory.init)

    /// - Parameter fips: five digits.
    package func find(fips: String) -> Finding {
        if let county = byFIPS[fips] { return .found([county], former: nil) }
        if let county = former[fips] { return .found(county.successors.compactMap { byFIPS[$0] }, former: county) }
        let wrong = "is not the five-digit FIPS code of a county"
        guard fips.utf8.count == 5 else {
            let padded = "0" + fips
            guard fips.utf8.count == 4, let county = byFIPS[padded] else { return .none(wrong) }
            return .none("\(wrong): has a leading zero been dropped? \(padded) is \(Self.full(county))")
        }
        return .none(wrong + (nearest(toFIPS: fips).map { "; the nearest is \($0.fips), \(Self.full($0))" } ?? ""))
    }

    /// - Parameters:
    ///   - name: in full, with what it is.
    ///   - state: USPS code.
    package func find(name: String, state: String) -> Finding {
        if let fips = byName[state]?[CountyName(name)] { return find(fips: fips) }
        for name in CountyName.turned(name) {
            if let fips = byName[state]?[CountyName(name)] { return find(fips: fips) }
        }
        // Whoever writes the name alone means one of these.
        let alike = (ofState[state] ?? []).filter { CountyName($0.name).key.hasPrefix(CountyName(name).key) }
        let bare = alike.filter { Self.isBare(name, of: $0) }
        if !bare.isEmpty {
            let meant = bare.map(Self.full).joined(separator: " or ")
            return .none("is not a full name: say what it is, as in `Harris County, TX`; meant may be \(meant)")
        }
        let elsewhere = byName.filter { $0.value[CountyName(name)] != nil }.keys.sorted()
        var text = "is no county"
        if let county = county(ofPlace: name, state: state) {
            text += "; the place of that name lies in or by \(Self.full(county))"
        } else if let nearest = nearest(to: name, state: state) {
            text += "; the nearest is \(Self.full(nearest))"
        }
        if (1...5).contains(elsewhere.count) { text += "; one of that name is in \(elsewhere.joined(separator: ", "))" }
        return .none(text)
    }

    /// Where a city, a town or one of New York's boroughs lies.
    private func county(ofPlace name: String, state: String) -> County? {
        guard name.utf8.count <= 64 else { return nil }
        if state == "NY", let fips = FormerCounty.boroughs[CountyName(name).key] { return byFIPS[fips] }
        guard let place = gazetteer.place(key: PlaceName.key(name), state: state) else { return nil }
        if let county = place.counties.first { return county }
        return gazetteer.allZIPs.lazy.filter { $0.county.state == state }
            .min { $0.centre.kilometres(to: place.centre) < $1.centre.kilometres(to: place.centre) }?.county
    }

    private static func full(_ county: County) -> String { "\(county.name), \(county.state)" }

    /// Whether the name lacks only what the county is.
    private static func isBare(_ name: String, of county: County) -> Bool {
        let key = CountyName(name).key
        let rest = CountyName(county.name).key.dropFirst(key.count)
        return !key.isEmpty && kinds.contains(String(rest))
    }

    private static let kinds: Set = [
        "county", "parish", "borough", "censusarea", "municipality", "municipio", "city", "cityandborough",
        "planningregion",
    ]

    private func nearest(toFIPS fips: String) -> County? {
        guard let number = Int(foreign: fips, in: 0...99_999), let state = USState.code(fips: number / 1000) else {
            return nil
        }
        return ofState[state]?.min { left, right in
            rank(left) < rank(right)
        }
        /// A digit that was mistyped is likelier than another number nearby.
        func rank(_ county: County) -> (Int, Int) {
            (
                zip(county.fips.utf8, fips.utf8).count { $0 != $1 },
                abs((Int(foreign: county.fips, in: 0...99_999) ?? 0) - number)
            )
        }
    }

    /// By how many letters must be changed; `nil` when that is more than half of them.
    private func nearest(to name: String, state: String) -> County? {
        let wanted = Array(CountyName(name).key.utf8)
        // Comparing costs the product of the lengths.
        guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
        let candidates = (ofState[state] ?? []).map { county in
            (county, EditDistance.between(wanted, Array(CountyName(county.name).key.utf8)))
        }
        return candidates.min { ($0.1, $0.0.fips) < ($1.1, $1.0.fips) }.flatMap { county, distance in
            distance <= wanted.count / 2 ? county : nil
        }
    }
}
