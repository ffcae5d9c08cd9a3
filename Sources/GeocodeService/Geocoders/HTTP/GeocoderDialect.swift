import AddressTable
import Contracts

/// How one kind of service is asked, and how its answers read. It does no I/O.
protocol GeocoderDialect: Sendable {
    func question(_ address: PostalAddress) -> GeocoderQuestion

    /// What an answer means. One that is coarser than a street is none: the gazetteer has ZIPs and cities, and says how
    /// far they reach.
    func finding(in answer: GeocoderAnswer, for address: PostalAddress) throws(GeocoderFailure) -> StreetFinding
}

extension PostalAddress {
    /// The street as a geocoder is asked for it: without the unit, and without the city where the line repeats it.
    /// Nominatim finds nothing with a unit, and the others advise against one.
    var streetAsked: String { StreetLine(self)?.text ?? street }

    /// Whether the house that was found is the one that was asked for, by the number's value. Where no number was asked
    /// for, any house is; where an answer has several (`901;903`, `901-905`), one of them must be it.
    func isHouse(_ found: String?) -> Bool {
        guard let line = StreetLine(self), line.number != nil else { return true }
        // An answer may have as many numbers as it likes; no building has.
        guard let found, found.utf8.count <= StreetLine.longest else { return false }
        let joinsHyphens = HouseNumber.joinsHyphens(zip: Int(foreign: shortZIP) ?? 0, state: state.uppercased())
        let numbers = found.split { $0 == ";" || $0 == "," }.compactMap {
            HouseNumber(String($0), joinsHyphens: joinsHyphens)
        }
        let asked = line.readings.filter { $0.certainty != .unsure }.compactMap(\.number)
        // Of a pair that nobody knows what it is only the same pair.
        return asked.contains { asked in
            if asked.rest.first == "-", !asked.isBuilding { return numbers.contains(asked) }
            return numbers.contains { $0.isSame(as: asked) }
        }
    }

    /// Whether it has a house number that an answer could repeat.
    var hasHouseNumber: Bool { StreetLine(self)?.number != nil }

    /// The five digits: no service knows the four behind them better.
    var shortZIP: String { String(zip.prefix(5)) }
}
