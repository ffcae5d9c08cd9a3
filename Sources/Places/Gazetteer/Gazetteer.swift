package import Contracts

/// Where the ZIPs and places of the United States and its territories are.
///
/// A value of flat arrays, about 2 MB: a look-up is a binary search and allocates nothing. `Gazetteer+read.swift` makes
/// it from the file that deploy/gazetteer/build.py writes.
package struct Gazetteer: Sendable {
    /// What is known of a ZIP.
    package struct ZIP: Sendable, Equatable {
        /// The centroid of its area, or the main settlement where the centroid lies far from where people live.
        package var centre: Coordinate
        /// Within how many kilometres of the centre nine of ten addresses lie; reckoned from how far its neighbours
        /// are.
        package var radius: Double
        /// The county that its centre lies in; right for 98 % of the addresses. See `counties(ofZIP:)` for the others.
        package var county: County
    }

    /// What is known of a city, town or village.
    package struct Place: Sendable, Equatable {
        package var centre: Coordinate
        /// How far apart the places of this name in this state lie, kilometres; 0 for a single one. Names whose places
        /// lie more than 40 km apart are not in the gazetteer at all.
        package var spread: Double
        /// The counties that it surely lies in: none where that is open, and in Connecticut the county and the planning
        /// region.
        package var counties: [County]
        /// Whether it is a county by itself, as independent cities are.
        package var isCounty: Bool
    }

    /// Ascending by FIPS code.
    package let counties: [County]
    /// USPS codes, ascending by the state's FIPS number.
    package let states: [String]
    let zips: ZIPTable
    let shares: ShareTable
    let places: PlaceTable
    /// Of each county, whether the centre of a ZIP lies in it.
    let hasZIP: [Bool]

    /// - Parameter number: what the five digits make.
    package func zip(_ number: UInt32) -> ZIP? { zips.index(of: number).map(zip(at:)) }

    /// The counties that a ZIP lies in, and what part of its people live in each: the one of its centre first. Empty
    /// for a ZIP that lies in one alone. In Connecticut the counties, which make 1, and the planning regions, which
    /// make another 1.
    package func counties(ofZIP number: UInt32) -> [CountyShare] {
        guard let index = zips.index(of: number) else { return [] }
        return shares.parts(ofZIPAt: index).map { part in
            let county = counties[Int(part.county)]
            return CountyShare(fips: county.fips, name: county.name, share: Double(part.percent) / 100)
        }
    }

    /// Whether the centre of any ZIP lies in the county. A small city may have none: its people's ZIPs reach beyond it.
    package func hasZIP(_ county: County) -> Bool { index(ofCounty: county.fips).map { hasZIP[$0] } ?? false }

    /// The ZIPs that start with these three digits, ascending.
    package func zips(prefix: UInt32) -> some RandomAccessCollection<ZIP> {
        (zips.firstIndex(from: prefix * 100)..<zips.firstIndex(from: (prefix + 1) * 100)).lazy.map(zip(at:))
    }

    /// The ZIP of a state whose centre is nearest to a point; `nil` when none is within a degree of latitude.
    ///
    /// It looks at all of them: only for what is seldom asked.
    /// - Parameter state: USPS code.
    func nearestZIP(to point: Coordinate, in state: String) -> (number: UInt32, zip: ZIP)? {
        var nearest: (distance: Double, index: Int)?
        for index in zips.centres.indices {
            let centre = zips.centres[index]
            guard abs(centre.latitude - point.latitude) < 1, counties[Int(zips.counties[index])].state == state else {
                continue
            }
            let distance = centre.kilometres(to: point)
            if distance < nearest?.distance ?? .infinity { nearest = (distance, index) }
        }
        return nearest.map { (zips.zips[$0.index], zip(at: $0.index)) }
    }

    /// - Parameter fips: five digits.
    package func county(fips: String) -> County? { index(ofCounty: fips).map { counties[$0] } }

    private func index(ofCounty fips: String) -> Int? {
        var range = counties.indices
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if counties[middle].fips == fips { return middle }
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
        states.firstIndex(of: state).flatMap { places.place(key: key, stateIndex: $0) }.map(place)
    }

    func place(_ entry: PlaceTable.Entry) -> Place {
        Place(
            centre: entry.centre, spread: entry.spread, counties: entry.counties.map { counties[Int($0)] },
            isCounty: entry.isCounty)
    }

    private func zip(at index: Int) -> ZIP {
        ZIP(
            centre: zips.centres[index], radius: Double(zips.radii[index]),
            county: counties[Int(zips.counties[index])])
    }
}
