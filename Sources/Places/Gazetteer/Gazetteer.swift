/// Where the ZIPs and places of the United States and its territories are.
///
/// A value of flat arrays, about 2 MB: a look-up is a binary search and allocates nothing. `Gazetteer+read.swift` makes
/// it from the file that deploy/gazetteer/build.py writes.
package struct Gazetteer: Sendable {
    /// What is known of a ZIP.
    package struct ZIP: Sendable, Equatable {
        /// The centroid of its area, or the main settlement where the centroid lies far from where people live.
        package var centre: Coordinate
        /// Within how many kilometres of the centre nine of ten addresses lie; reckoned from how far its neighbours are.
        package var radius: Double
        /// The county that its centre lies in; right for 98 % of the addresses.
        package var county: County
    }

    /// What is known of a city, town or village.
    package struct Place: Sendable, Equatable {
        package var centre: Coordinate
        /// How far apart the places of this name in this state lie, kilometres; 0 for a single one. Names whose places
        /// lie more than 40 km apart are not in the gazetteer at all.
        package var spread: Double
    }

    /// Ascending by FIPS code.
    package let counties: [County]
    /// USPS codes, ascending by the state's FIPS number.
    package let states: [String]
    let zips: ZIPTable
    let places: PlaceTable

    /// - Parameter number: what the five digits make.
    package func zip(_ number: UInt32) -> ZIP? { zips.index(of: number).map(zip(at:)) }

    /// The ZIPs that start with these three digits, ascending.
    package func zips(prefix: UInt32) -> some RandomAccessCollection<ZIP> {
        (zips.firstIndex(from: prefix * 100)..<zips.firstIndex(from: (prefix + 1) * 100)).lazy.map(zip(at:))
    }

    /// - Parameter fips: five digits.
    package func county(fips: String) -> County? {
        var range = counties.indices
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if counties[middle].fips == fips { return counties[middle] }
            range =
                counties[middle].fips < fips
                ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }

    /// - Parameters:
    ///   - key: the name as `PlaceName` makes it comparable.
    ///   - state: USPS code.
    package func place(key: [UInt8], state: String) -> Place? {
        states.firstIndex(of: state).flatMap { places.place(key: key, stateIndex: $0) }
    }

    private func zip(at index: Int) -> ZIP {
        ZIP(
            centre: zips.centres[index], radius: Double(zips.radii[index]),
            county: counties[Int(zips.counties[index])])
    }
}
