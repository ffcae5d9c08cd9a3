import Contracts
import Foundation
import Places

/// The ZIPs and the cities that a point may lie in, by the gazetteer, which knows their middles only: for files that
/// name neither.
struct PlaceByPoint: Sendable {
    struct Places: Hashable {
        /// The nearest first; never empty.
        var zips: [Int]
        /// USPS code.
        var state: String
        /// As `PlaceName` makes them comparable, the nearest first.
        var cities: [String]
    }

    /// Farther from all centres than this a point has no place, kilometres.
    private static let farthest = 100.0
    /// How much farther from a ZIP's centre than its radius its addresses may lie, kilometres: as for answers of
    /// geocoders.
    private static let margin = 10.0
    private static let mostZIPs = 8
    /// So many ZIPs are taken anyhow, and so many cities.
    private static let fewest = 3
    private static let cellsPerDegree = 2.0

    private struct Cell: Hashable {
        var latitude: Int
        var longitude: Int

        init(_ latitude: Double, _ longitude: Double) {
            self.latitude = Int(clamping: (latitude * cellsPerDegree).rounded(.down))
            self.longitude = Int(clamping: (longitude * cellsPerDegree).rounded(.down))
        }

        func neighbour(_ north: Int, _ east: Int) -> Cell {
            var cell = self
            cell.latitude += north
            cell.longitude += east
            return cell
        }
    }

    private struct ZIP {
        var number: Int
        var radius: Double
        var state: String
        var centre: Coordinate
    }

    private var zips: [Cell: [ZIP]] = [:]
    private var cities: [Cell: [Gazetteer.NamedPlace]] = [:]

    init(_ gazetteer: Gazetteer) {
        for zip in gazetteer.allZIPs {
            let radius = gazetteer.zip(zip.code.number)?.radius ?? 0
            zips[Cell(zip.centre.latitude, zip.centre.longitude), default: []].append(
                ZIP(number: Int(zip.code.number), radius: radius, state: zip.county.state, centre: zip.centre))
        }
        for city in gazetteer.allPlaces {
            cities[Cell(city.centre.latitude, city.centre.longitude), default: []].append(city)
        }
    }

    /// - Returns: `nil` far from all ZIPs.
    func places(latitude: Double, longitude: Double) -> Places? {
        let near = nearest(latitude, longitude, in: zips, \.centre)
        guard let state = near.first?.value.state else { return nil }
        let zips = near.filter { $0.value.state == state }.prefix(Self.mostZIPs).enumerated().filter { index, zip in
            index < Self.fewest || zip.distance <= zip.value.radius + Self.margin
        }
        let cities = nearest(latitude, longitude, in: cities, \.centre).filter { $0.value.state == state }
        return Places(
            zips: zips.map(\.element.value.number), state: state, cities: cities.prefix(Self.fewest).map(\.value.key))
    }

    /// Those around a point, the nearest first; those in more than the neighbouring cells only where these are few.
    private func nearest<Value>(
        _ latitude: Double, _ longitude: Double, in cells: [Cell: [Value]], _ centre: KeyPath<Value, Coordinate>
    ) -> [(value: Value, distance: Double)] {
        let cell = Cell(latitude, longitude)
        // A degree of longitude is shorter, the farther north the more.
        let narrowing = cos(latitude * .pi / 180)
        var found: [(value: Value, distance: Double)] = []
        for reach in 1...4 {
            for north in -reach...reach {
                for east in -reach...reach where reach == 1 || max(abs(north), abs(east)) == reach {
                    for value in cells[cell.neighbour(north, east)] ?? [] {
                        let north = (value[keyPath: centre].latitude - latitude) * GreatCircle.kilometresPerDegree
                        let east =
                            (value[keyPath: centre].longitude - longitude) * GreatCircle.kilometresPerDegree * narrowing
                        let distance = (north * north + east * east).squareRoot()
                        if distance <= Self.farthest { found.append((value, distance)) }
                    }
                }
            }
            if found.count >= Self.mostZIPs { break }
        }
        return found.sorted { $0.distance < $1.distance }
    }
}
