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
        var all: [NamedPlace] = []
        places.forEach { state, key, centre in
            all.append(NamedPlace(key: String(decoding: key, as: UTF8.self), state: states[state], centre: centre))
        }
        return all
    }

    /// A ZIP with its number.
    package struct NumberedZIP: Sendable, Equatable {
        package var code: ZIPCode
        package var centre: Coordinate
        package var county: County
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
