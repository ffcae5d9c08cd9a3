import AdminAPI
import Contracts
import Places

import struct Foundation.Date

/// What each organisation covers, county by county: the share of a county's ZIPs whose centres the rules say yes to.
/// Made by the same decision that requests are, so that the map shows what happens.
extension CoveredAreas {
    /// Decides some 33,000 places for each organisation, and lets others go on in between.
    /// - Parameter organization: `nil` for all.
    init(_ coverage: Coverage, _ gazetteer: Gazetteer, organization: String? = nil, at now: Date) async {
        self.init(coverageVersion: coverage.version, areas: [])
        let places = CountyPlaces(gazetteer)
        for (id, rules) in coverage.organizations.sorted(by: { $0.key < $1.key })
        where organization == nil || id == organization {
            var counties: [String: Double] = [:]
            var open: Set<String> = []
            for (county, geocoded) in places.ofCounty {
                let covered = geocoded.count { place in
                    coverage.verdict(on: place, organization: id, at: now)?.outcome == .covered
                }
                let share = Double(covered) / Double(geocoded.count)
                // A little less than all must not become all.
                if share > 0 { counties[county.fips] = max(0.001, (share * 1000).rounded(.down) / 1000) }
                if covered < geocoded.count { open.insert(county.state) }
                await Task.yield()
            }
            // The map's borders are of 2016: what ended since is shown as the mean of what lies there now.
            for former in FormerCounty.all where former.endedIn > 2016 {
                let shares = former.successors.map { counties[$0] ?? 0 }
                let mean = shares.reduce(0, +) / Double(shares.count)
                if mean > 0 { counties[former.fips] = mean }
            }
            areas.append(
                Area(
                    organization: id, name: rules.name,
                    states: gazetteer.states.filter { !open.contains($0) }.sorted(), counties: counties))
        }
    }
}

/// A place for each ZIP, by county; for a county without any, one that only names it.
private struct CountyPlaces {
    var ofCounty: [(county: County, places: [Geocoding])] = []

    init(_ gazetteer: Gazetteer) {
        var zips: [String: [Geocoding]] = [:]
        for zip in gazetteer.allZIPs {
            zips[zip.county.fips, default: []].append(
                Self.place(
                    zip.county, zip: zip.code.text,
                    // The centre itself is asked about, and not where in the ZIP an address might be.
                    GeocodedLocation(
                        latitude: zip.centre.latitude, longitude: zip.centre.longitude, precision: .rooftop,
                        source: PlaceFinder.source)))
        }
        ofCounty = gazetteer.counties.map { ($0, zips[$0.fips] ?? [Self.place($0, zip: "", nil)]) }
    }

    private static func place(_ county: County, zip: String, _ location: GeocodedLocation?) -> Geocoding {
        Geocoding(
            state: county.state, zip: zip, countyFIPS: county.fips, county: county.name, location: location,
            reason: location == nil ? .noMatch : nil)
    }
}
