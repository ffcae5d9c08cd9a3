import Contracts
import Foundation
import Testing

@testable import Places

/// The gazetteer that is shipped: found beside the executable, and right about places that everybody knows.
@Suite struct ShippedGazetteerTests {
    private static let shipped = Result { try GazetteerFile.read(nil) }
    private let gazetteer: Gazetteer
    private let finder: PlaceFinder

    init() throws {
        gazetteer = try Self.shipped.get()
        finder = PlaceFinder(gazetteer: gazetteer)
    }

    @Test func isWhole() {
        #expect(gazetteer.zips.zips.count > 33_000)
        #expect(gazetteer.counties.count > 3_200)
        #expect(gazetteer.states.count == 56)
        #expect(gazetteer.counties.contains { $0.name == "Doña Ana County" })
    }

    /// A rural ZIP is wide, one in the middle of a city narrow; most are between.
    @Test func knowsHowWideAZIPIs() throws {
        func radius(_ zip: UInt32) throws -> Double { try #require(gazetteer.zip(zip)).radius }
        #expect(try radius(10013) <= 2)
        #expect(try radius(77002) <= 5)
        #expect(try radius(89049) >= 40)
        #expect(try radius(99723) >= 50)
        let radii = gazetteer.zips.radii.sorted()
        #expect((5...12).contains(radii[radii.count / 2]))
        #expect((12...20).contains(radii[radii.count * 9 / 10]))
    }

    @Test func creditsAreShippedWithIt() throws {
        let path = try #require(GazetteerFile.shipped())
        let credits = URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent("CREDITS.txt")
        #expect(try String(contentsOf: credits, encoding: .utf8).contains("U.S. Census Bureau"))
    }

    /// The United States and its territories reach from Guam eastward to the Virgin Islands, from American Samoa to
    /// Point Barrow.
    @Test func everyZIPLiesInTheCountry() {
        for centre in gazetteer.zips.centres {
            #expect((-14.6...71.5).contains(centre.latitude))
            #expect(centre.longitude < -64 || centre.longitude > 144)
        }
    }

    @Test(arguments: [
        ("02108", "Boston", "MA", 42.36, -71.06, "25025"), ("94102", "San Francisco", "CA", 37.78, -122.42, "06075"),
        ("99801", "Juneau", "AK", 58.35, -134.5, "02110"), ("96813", "Honolulu", "HI", 21.31, -157.85, "15003"),
        ("00901", "San Juan", "PR", 18.46, -66.11, "72127"), ("20001", "Washington", "DC", 38.91, -77.02, "11001"),
        ("88001", "Las Cruces", "NM", 32.31, -106.78, "35013"),
    ])
    func knowsZIPs(zip: String, city: String, state: String, latitude: Double, longitude: Double, fips: String) throws {
        let found = finder.find(zip: ZIPCode(zip), city: city, state: state)
        let location = try #require(found.location)
        #expect(location.precision == .zip)
        let there = Coordinate(latitude: location.latitude, longitude: location.longitude)
        #expect(there.kilometres(to: Coordinate(latitude: latitude, longitude: longitude)) < 25)
        #expect(found.county?.fips == fips)
        #expect(found.conflict == nil)
    }

    /// ZIPs of post-office boxes have no area: the city holds.
    @Test(arguments: [
        ("77210", "Houston", "TX", 29.76, -95.37), ("99811", "Juneau", "AK", 58.3, -134.42),
        ("63150", "Saint Louis", "MO", 38.63, -90.2), ("76101", "Ft. Worth", "TX", 32.75, -97.33),
        ("94119", "SAN FRANCISCO", "CA", 37.77, -122.42), ("00936", "San Juan", "PR", 18.42, -66.06),
        ("96803", "Honolulu", "HI", 21.31, -157.85), ("83701", "Boise", "ID", 43.61, -116.2),
        ("37202", "Nashville", "TN", 36.16, -86.78), ("60690", "Chicago", "IL", 41.85, -87.65),
        ("30903", "Augusta", "GA", 33.45, -82.0), ("99510", "Anchorage", "AK", 61.2, -149.7),
    ])
    func knowsCities(zip: String, city: String, state: String, latitude: Double, longitude: Double) throws {
        let found = finder.find(zip: ZIPCode(zip), city: city, state: state)
        let location = try #require(found.location)
        #expect(location.precision == .city)
        let there = Coordinate(latitude: location.latitude, longitude: location.longitude)
        #expect(there.kilometres(to: Coordinate(latitude: latitude, longitude: longitude)) < 35)
        #expect(found.conflict == nil)
    }

    /// Cities that span counties, each with a ZIP of its smaller part: both counties stay possible.
    @Test(arguments: [
        ("Frisco", "TX", "75033", "48121"), ("Hoover", "AL", "35244", "01117"), ("Aurora", "IL", "60502", "17043"),
        ("Bethlehem", "PA", "18018", "42077"), ("North Charleston", "SC", "29418", "45035"),
        ("North Charleston", "SC", "29420", "45035"), ("Queen Creek", "AZ", "85142", "04021"),
        ("Urbandale", "IA", "50323", "19049"), ("Albany", "OR", "97321", "41003"),
        ("Northfield", "MN", "55057", "27037"), ("Fenton", "MI", "48430", "26093"),
        ("Spring Hill", "KS", "66083", "20121"), ("New York", "NY", "10463", "36061"),
        ("Marble Hill", "NY", "10463", "36061"),
    ])
    func aCityThatSpansCountiesIsSureInNone(city: String, state: String, zip: String, other: String) {
        let found = finder.find(zip: ZIPCode(zip), city: city, state: state)
        #expect(found.counties.count > 1 && found.counties.contains { $0.fips == other }, "\(found)")
        #expect(found.counties.contains { $0.fips == found.county?.fips })
    }

    /// Whatever place is named with whichever of its ZIPs, what lies in several counties by its shares is sure in none
    /// of them, but where a city is its county or the place is a town of Connecticut.
    @Test func noPlaceEmptiesTheCountiesOfAZIP() {
        for state in gazetteer.states where state != "CT" {
            for (index, (key, place)) in gazetteer.placesWithCounty(in: state).enumerated()
            where !place.isCounty && index % 100 == 0 {
                guard let (number, near) = gazetteer.nearestZIP(to: place.centre, in: state) else { continue }
                let shares = gazetteer.counties(ofZIP: number)
                guard shares.count > 1, near.county.state == state else { continue }
                let found = finder.find(
                    zip: ZIPCode(String(format: "%05d", number)), city: String(decoding: key, as: UTF8.self),
                    state: state)
                let known = Set(found.counties.map(\.fips))
                if !known.isSuperset(of: shares.map(\.fips)) {
                    Issue.record("\(String(decoding: key, as: UTF8.self)), \(state) \(number)")
                }
            }
        }
    }

    /// ZIPs that lie on both sides of a state's border, each with the state that its centre does not lie in.
    @Test(arguments: [
        ("Fort Campbell", "KY", "42223", "21047"), ("College Corner", "IN", "45003", "18161"),
        ("West College Corner", "IN", "45003", "18161"),
    ])
    func aZIPOverAStatesBorderLiesInBoth(city: String, state: String, zip: String, county: String) {
        let found = finder.find(zip: ZIPCode(zip), city: city, state: state)
        #expect(found.conflict == nil && found.counties.contains { $0.fips == county }, "\(found)")
        #expect(found.states.count == 2 && found.states.contains(state))
    }

    /// ZIPs of boxes and of single institutions have no area: a city that is a county by itself settles it.
    @Test(arguments: [
        ("Washington", "DC", "20500", "11001"), ("Norfolk", "VA", "23514", "51710"),
        ("Richmond", "VA", "23218", "51760"), ("Baltimore", "MD", "21290", "24510"),
        ("St. Louis", "MO", "63199", "29510"), ("Denver", "CO", "80217", "08031"),
        ("Philadelphia", "PA", "19101", "42101"), ("Anchorage", "AK", "99510", "02020"),
        ("Carson City", "NV", "89702", "32510"), ("New Orleans", "LA", "70150", "22071"),
        ("San Francisco", "CA", "94119", "06075"), ("San Juan", "PR", "00936", "72127"),
        ("Lexington", "KY", "40512", "21067"), ("Columbus", "GA", "31902", "13215"),
        ("Virginia Beach", "VA", "23450", "51810"),
    ])
    func aCityThatIsACountySettlesItsBoxes(city: String, state: String, zip: String, fips: String) {
        let found = finder.find(zip: ZIPCode(zip), city: city, state: state)
        #expect(found.location?.precision == .city && found.county?.fips == fips && found.counties.isEmpty)
        #expect(found.conflict == nil)
    }

    /// There are dozens of Washingtons in Ohio: none is taken, and none contradicts a ZIP.
    @Test func ambiguousNamesSayNothing() {
        let key = PlaceName.key("Washington")
        #expect(gazetteer.place(key: key, state: "OH") == nil)
        #expect(finder.find(zip: ZIPCode("44114"), city: "Washington", state: "OH").conflict == nil)
    }

    @Test func scatteredPrefixesAreNoAnswer() {
        for (zip, state) in [("99599", "AK"), ("96798", "HI")] {
            #expect(finder.find(zip: ZIPCode(zip), city: "Nowhere at all", state: state).location == nil)
        }
    }

    /// Budget: 50 µs a request. Counted in look-ups that a second has room for, with a wide margin for a busy machine.
    @Test func isFast() {
        let zips = gazetteer.zips.zips.indices.filter { $0 % 10 == 0 }.map { index in
            (ZIPCode(String(format: "%05d", gazetteer.zips.zips[index])), index)
        }
        var found = 0
        let elapsed = ContinuousClock().measure {
            for (zip, _) in zips where finder.find(zip: zip, city: "Fort Worth", state: "TX").location != nil {
                found += 1
            }
        }
        #expect(found == zips.count)
        #expect(elapsed / zips.count < .milliseconds(1))
    }
}
