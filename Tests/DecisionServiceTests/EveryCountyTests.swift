import Contracts
import Foundation
import Places
import ServiceRuntime
import Testing

@testable import DecisionService

/// Every county of every state, by name and by code, with an address in its largest place.
@Suite struct EveryCountyTests {
    private static let shipped = Result { try GazetteerFile.read(nil) }
    private let gazetteer: Gazetteer
    private let finder: PlaceFinder

    init() throws {
        gazetteer = try Self.shipped.get()
        finder = PlaceFinder(gazetteer: gazetteer)
    }

    /// Counties in which no address can be found, each with the reason.
    private static let withoutAddress: [String: String] = [
        "60010": "American Samoa has one ZIP, 96799, whose centre lies in Western",
        "60020": "American Samoa has one ZIP, 96799, whose centre lies in Western",
        "60030": "nobody lives on Rose Island",
        "60040": "American Samoa has one ZIP, 96799, whose centre lies in Western",
        "69085": "nobody lives on the Northern Islands, and they have no ZIP",
    ]

    private struct Address {
        var zip: ZIPCode
        var city: String
    }

    @Test func eachIsCoveredByItsNameAndByItsCode() throws {
        let addresses = addresses()
        var missed: [String] = []
        for county in gazetteer.counties {
            guard let candidates = addresses[county.fips] else {
                if Self.withoutAddress[county.fips] == nil {
                    missed.append("\(county.fips) \(county.name): no address")
                }
                continue
            }
            let texts = [county.fips, "\(county.name), \(county.state)"]
            for text in texts {
                let coverage = try CoverageFixture.coverage(
                    "organizations: {relief: {covers: {counties: [\"\(text)\"]}}}")
                let isCovered = try candidates.contains { address in
                    try CoverageFixture.decide(geocoded(address, state: county.state), by: coverage).acceptance
                }
                if !isCovered { missed.append("\(text): not \(candidates[0].city) \(candidates[0].zip.text)") }
            }
        }
        #expect(missed == [])
        #expect(Self.withoutAddress.keys.allSatisfy { addresses[$0] == nil })
    }

    /// Independent cities and the ZIPs of their people, among them those whose centres lie in the county around.
    @Test(arguments: [
        ("Charlottesville", "51540", ["22901", "22902", "22903", "22904", "22908", "22911"]),
        ("Harrisonburg", "51660", ["22801", "22802", "22807"]),
        ("Roanoke", "51770", ["24014", "24018", "24012", "24015"]),
        ("Lynchburg", "51680", ["24501", "24502", "24503", "24504"]),
        ("Richmond", "51760", ["23220", "23223", "23227", "23235", "23234", "23225"]),
        ("Petersburg", "51730", ["23803", "23805"]), ("Staunton", "51790", ["24401"]), ("Salem", "51775", ["24153"]),
        ("Winchester", "51840", ["22601", "22602"]), ("Fredericksburg", "51630", ["22401"]),
        ("Waynesboro", "51820", ["22980"]), ("Williamsburg", "51830", ["23185", "23188"]),
        ("Falls Church", "51610", ["22046"]), ("Fairfax", "51600", ["22030"]),
    ])
    func anIndependentCityThatIsNamedIsNeverASureNo(_ city: String, _ fips: String, _ zips: [String]) throws {
        let coverage = try CoverageFixture.coverage("organizations: {relief: {covers: {counties: [\"\(fips)\"]}}}")
        for zip in zips {
            let code = try #require(ZIPCode(zip))
            let outcome = try CoverageFixture.decide(
                geocoded(Address(zip: code, city: city), state: "VA"), by: coverage)
            #expect(outcome.acceptance || outcome.needed != nil, "\(city) \(zip)")
        }
    }

    /// The same for every city that is a county by itself, with all the ZIPs that reach nearly to its middle.
    @Test func norIsAnyOtherCityThatIsACounty() throws {
        var seen = 0
        for state in gazetteer.states {
            let zips = gazetteer.allZIPs.filter { $0.county.state == state }
            for (key, place) in gazetteer.placesWithCounty(in: state) where place.isCounty {
                let fips = try #require(place.counties.first?.fips)
                let coverage = try CoverageFixture.coverage(
                    "organizations: {relief: {covers: {counties: [\"\(fips)\"]}}}")
                for zip in zips {
                    let radius = try #require(gazetteer.zip(zip.code.number)).radius
                    guard zip.centre.kilometres(to: place.centre) < min(radius + 5, 30) else { continue }
                    let city = String(decoding: key, as: UTF8.self)
                    let outcome = try CoverageFixture.decide(
                        geocoded(Address(zip: zip.code, city: city), state: state), by: coverage)
                    #expect(outcome.acceptance || outcome.needed != nil, "\(city) \(zip.code.text)")
                    seen += 1
                }
            }
        }
        #expect(seen > 200)
    }

    /// Whatever is said of a place that may lie in a county, it is never a sure no.
    @Test func noCountyThatAZIPMayLieInIsSurelyDeclined() throws {
        var seen = 0
        for zip in gazetteer.allZIPs {
            let shares = gazetteer.counties(ofZIP: zip.code.number)
            guard let smallest = shares.last, shares.count > 1, zip.code.number % 23 == 0 else { continue }
            seen += 1
            let coverage = try CoverageFixture.coverage(
                "organizations: {relief: {covers: {counties: [\"\(smallest.fips)\"]}}}")
            let outcome = try CoverageFixture.decide(
                geocoded(Address(zip: zip.code, city: "Nowhere"), state: zip.county.state), by: coverage)
            #expect(outcome.acceptance || outcome.needed != nil, "\(zip.code.text) \(smallest.name)")
        }
        #expect(seen > 100)
    }

    private func geocoded(_ address: Address, state: String) -> RequestGeocoded {
        let found = finder.find(zip: address.zip, city: address.city, state: state)
        return RequestGeocoded(
            RequestReference(
                provider: "portal", providerRequestID: "R-1", organization: "relief",
                acceptedAt: Date(timeIntervalSince1970: 1_800_000_000)),
            Geocoding(
                state: state, zip: address.zip.text, countyFIPS: found.county?.fips, county: found.county?.name,
                counties: found.counties, location: found.location, reason: found.location == nil ? .noMatch : nil,
                conflict: found.conflict))
    }

    /// Addresses of each county's largest place, by FIPS code: the nearest ZIPs to it. How many people live in a place
    /// is not known; the largest is taken to be the one with the most of the county's ZIPs around. A county without a
    /// place has its ZIPs alone.
    private func addresses() -> [String: [Address]] {
        var result: [String: [Address]] = [:]
        let ofState = Dictionary(grouping: gazetteer.allZIPs, by: \.county.state)
        for state in gazetteer.states {
            let grid = Dictionary(grouping: ofState[state] ?? []) { Cell($0.centre) }
            var best: [String: (count: Int, key: [UInt8], centre: Coordinate)] = [:]
            for (key, place) in gazetteer.placesWithCounty(in: state) {
                let around = Cell(place.centre).around.flatMap { grid[$0] ?? [] }
                for county in place.counties {
                    let count = place.isCounty ? .max : around.count { $0.county.fips == county.fips }
                    if count > best[county.fips]?.count ?? -1 { best[county.fips] = (count, key, place.centre) }
                }
            }
            for (fips, place) in best {
                let around = Cell(place.centre).around.flatMap { grid[$0] ?? [] }
                let nearest = (around.isEmpty ? ofState[state] ?? [] : around)
                    .map { (kilometres: $0.centre.kilometres(to: place.centre), code: $0.code) }
                    .sorted { $0.kilometres < $1.kilometres }
                result[fips] = nearest.prefix(3).map {
                    Address(zip: $0.code, city: String(decoding: place.key, as: UTF8.self))
                }
            }
        }
        let withoutPlace = Dictionary(grouping: gazetteer.allZIPs, by: \.county.fips).filter { result[$0.key] == nil }
        return result.merging(
            withoutPlace.mapValues { $0.map { Address(zip: $0.code, city: "Nowhere") } },
            uniquingKeysWith: { place, _ in place })
    }
}

/// A square of a tenth of a degree.
private struct Cell: Hashable {
    var row: Int32
    var column: Int32

    init(_ point: Coordinate) { (row, column) = (point.latitudeUnits / 1_000, point.longitudeUnits / 1_000) }

    private init(row: Int32, column: Int32) { (self.row, self.column) = (row, column) }

    var around: [Cell] {
        (row - 1...row + 1).flatMap { row in (column - 1...column + 1).map { Cell(row: row, column: $0) } }
    }
}
