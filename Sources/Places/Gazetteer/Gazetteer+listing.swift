extension Gazetteer {
    /// A city, town or village with its name as `PlaceName` makes it comparable.
    package struct NamedPlace: Sendable, Equatable {
        package var key: String
        /// USPS code.
        package var state: String
        package var centre: Coordinate
    }

    /// Every place, by state.
    package var allPlaces: [NamedPlace] {
        states.enumerated().flatMap { index, state in
            places.places(stateIndex: index).map { key, place in
                NamedPlace(key: String(decoding: key, as: UTF8.self), state: state, centre: place.centre)
            }
        }
    }

    /// A ZIP with its number.
    package struct NumberedZIP: Sendable, Equatable {
        package var code: ZIPCode
        package var centre: Coordinate
        package var county: County
    }

    /// The places of a state that surely lie in a county, each with its key, ascending.
    /// - Parameter state: USPS code.
    package func placesWithCounty(in state: String) -> [(key: [UInt8], place: Place)] {
        guard let index = states.firstIndex(of: state) else { return [] }
        return places.places(stateIndex: index).filter { !$0.place.counties.isEmpty }.map { ($0.key, place($0.place)) }
    }

    /// Every ZIP, ascending.
    package var allZIPs: some RandomAccessCollection<NumberedZIP> {
        zips.zips.indices.lazy.map { index in
            NumberedZIP(
                code: ZIPCode(number: zips.zips[index]), centre: zips.centres[index],
                county: counties[Int(zips.counties[index])])
        }
    }
}

extension ZIPCode {
    /// - Parameter number: below 100,000.
    fileprivate init(number: UInt32) { self.number = number }
}
