import Contracts
import Testing

@testable import Places

/// The look-up rule on a gazetteer small enough to reckon by hand.
@Suite struct PlaceFinderTests {
    private func finder(_ change: (inout GazetteerFixture) -> Void = { _ in }) throws -> PlaceFinder {
        var fixture = GazetteerFixture()
        change(&fixture)
        return PlaceFinder(gazetteer: try Gazetteer(bytes: fixture.bytes()))
    }

    private func find(
        _ zip: String, _ city: String, _ state: String, _ change: (inout GazetteerFixture) -> Void = { _ in }
    ) throws -> PlaceFinding {
        try finder(change).find(zip: ZIPCode(zip), city: city, state: state)
    }

    @Test func aKnownZIPGivesItsCentreAndCounty() throws {
        let found = try find("77002", "", "TX")
        #expect(found.location?.precision == .zip)
        #expect(found.location?.source == "gazetteer")
        #expect(found.location?.latitude == 29.7566)
        #expect(found.county?.fips == "48201")
        #expect(found.conflict == nil)
    }

    /// The ZIP's radius is 3 km, and Houston's middle 3.9 km from its centre, to the north-west.
    @Test func inAZIPOfTheCitysOwnTheAddressIsRatherInTheCity() throws {
        func kilometresNorth(_ zip: String, _ city: String, radius: UInt8 = 3, spread: UInt8 = 0) throws -> Double {
            let found = try find(zip, city, "TX") {
                $0.zips[2].radius = radius
                $0.states[1].places[2].spread = spread
            }
            let centre = zip == "77002" ? 29.7566 : 29.7493
            return try #require(found.location).latitude.distance(to: centre) * -111.195
        }
        // 0.7 of the radius over the distance of the way, which goes 3.25 km to the north.
        #expect(abs(try kilometresNorth("77002", "Houston") - 3.25 * 0.7 * 3 / 3.94) < 0.02)
        // A wide ZIP's whole way is within it.
        #expect(abs(try kilometresNorth("77002", "Houston", radius: 20) - 3.25 * 0.7) < 0.02)
        // 77003 is another of Houston's ZIPs: 5.64 km from the middle, 4.06 km of them to the north.
        #expect(abs(try kilometresNorth("77003", "Houston") - 4.06 * 0.25 * 4 / 5.64) < 0.02)
        // Of several places of that name nobody knows which is meant, and of none there is no way.
        #expect(try kilometresNorth("77002", "Houston", spread: 5) == 0)
        #expect(try kilometresNorth("77002", "Nowhere") == 0)
        #expect(try kilometresNorth("77002", "") == 0)
    }

    @Test func saysWithinWhichDistanceTheAddressLies() throws {
        #expect(try find("77002", "Houston", "TX").location?.uncertaintyKilometres == 3)
        #expect(try find("79901", "El Paso", "TX").location?.uncertaintyKilometres == 255)
        #expect(try find("", "Boston", "MA").location?.uncertaintyKilometres == 15)
        #expect(try find("", "Springfield", "MA").location?.uncertaintyKilometres == 27)
        // The neighbours lie next to each other, which does not make the address lie there, too.
        #expect(try find("77099", "Nowhere", "TX").location?.uncertaintyKilometres == 15)
        // Two ZIPs 100 km to the north and to the south of their middle.
        let scattered = try find("77099", "Nowhere", "TX") {
            $0.zips[3].latitude = 29.7566 + 1.7986
            $0.zips[3].longitude = -95.3655
        }
        #expect(scattered.location?.uncertaintyKilometres == 152)
    }

    @Test func anUnknownCityIsNoConflict() throws {
        #expect(try find("77002", "Nowhere", "TX").conflict == nil)
        #expect(try find("77002", "", "TX").conflict == nil)
    }

    @Test func aCityFarFromTheZIPIsAConflictAndTheZIPHolds() throws {
        let found = try find("77002", "El Paso", "TX")
        #expect(found.location?.precision == .zip)
        #expect(found.county?.fips == "48201")
        #expect(found.conflict?.zipState == nil)
        #expect(abs((found.conflict?.distanceKilometres ?? 0) - 1082) < 5)
    }

    @Test func theConflictStartsBeyondFortyKilometresAndTheSpread() throws {
        func conflict(degreesNorth: Double, spread: UInt8) throws -> PlaceConflict? {
            try find("77002", "Houston", "TX") {
                $0.states[1].places[2].latitude = 29.7566 + degreesNorth
                $0.states[1].places[2].longitude = -95.3655
                $0.states[1].places[2].spread = spread
            }.conflict
        }
        // A degree of latitude is 111.195 km.
        #expect(try conflict(degreesNorth: 0.359, spread: 0) == nil)
        #expect(try conflict(degreesNorth: 0.361, spread: 0) == PlaceConflict(distanceKilometres: 40.1))
        #expect(try conflict(degreesNorth: 0.361, spread: 10) == nil)
        #expect(try conflict(degreesNorth: 0.451, spread: 10) != nil)
    }

    @Test func aZIPInAnotherStateIsAConflictAndTheZIPHolds() throws {
        let found = try find("77002", "Boston", "MA")
        #expect(found.location?.precision == .zip)
        #expect(found.county?.state == "TX")
        #expect(found.conflict?.zipState == "TX")
        #expect((found.conflict?.distanceKilometres ?? 0) > 2500)
        #expect(try find("77002", "Nowhere", "MA").conflict == PlaceConflict(zipState: "TX"))
        #expect(try find("77002", "Houston", "ZZ").conflict == PlaceConflict(zipState: "TX"))
    }

    @Test(arguments: ["77210", "not a ZIP", ""])
    func withoutAKnownZIPTheCityHoldsAndTheCountyIsOpen(zip: String) throws {
        let found = try find(zip, "City of Houston", "TX")
        #expect(found.location?.precision == .city)
        #expect(found.location?.latitude == 29.7858)
        #expect(found.county == nil)
        #expect(found.conflict == nil)
    }

    @Test func theStateBehindTheCityIsForgiven() throws {
        #expect(try find("77210", "Houston, TX", "TX").location?.precision == .city)
    }

    @Test func anUnknownZIPWhoseNeighboursAreElsewhereIsAConflict() throws {
        let inOtherState = try find("77099", "Boston", "MA")
        #expect(inOtherState.location?.precision == .city)
        #expect(inOtherState.conflict == PlaceConflict(zipState: "TX"))
        let farAway = try find("77099", "El Paso", "TX")
        #expect(farAway.location?.precision == .city)
        #expect((farAway.conflict?.distanceKilometres ?? 0) > 1000)
        #expect(try find("77099", "Houston", "TX").conflict == nil)
    }

    @Test func withoutACityTheMiddleOfTheNeighboursHolds() throws {
        let found = try find("77099", "Nowhere", "TX")
        #expect(found.location?.precision == .zip3)
        #expect(abs((found.location?.latitude ?? 0) - (29.7566 + 29.7493) / 2) < 0.001)
        #expect(found.county == nil)
    }

    @Test func neighboursInAnotherStateAreNoAnswer() throws {
        #expect(try find("77099", "Nowhere", "MA") == PlaceFinding(conflict: PlaceConflict(zipState: "TX")))
    }

    @Test func onlyTheNamedStatesNeighboursCount() throws {
        let found = try find("77099", "Nowhere", "TX") { $0.zips[3].county = 0 }
        #expect(found.location?.latitude == 29.7566)
    }

    @Test func scatteredNeighboursAreNoAnswer() throws {
        // A degree of latitude either way of the middle: 111 km.
        let scattered = try find("77099", "Nowhere", "TX") { $0.zips[3].latitude = 29.7566 + 2 }
        #expect(scattered == PlaceFinding())
        let near = try find("77099", "Nowhere", "TX") { $0.zips[3].latitude = 29.7566 + 1.7 }
        #expect(near.location?.precision == .zip3)
    }

    @Test(arguments: [
        ("99999", "Nowhere", "TX"), ("", "", ""), ("nonsense", "\u{0}", "TX"), ("99999", "Houston", "ZZ"),
    ])
    func whatIsUnknownIsNeverMadeUp(zip: String, city: String, state: String) throws {
        #expect(try find(zip, city, state) == PlaceFinding())
    }

    // 77003 lies in Harris County (60 %) and El Paso County (40 %), as the fixture has it.

    private func counties(_ found: PlaceFinding) -> [String: Double] {
        Dictionary(uniqueKeysWithValues: found.counties.map { ($0.fips, $0.share) })
    }

    @Test func aZIPInSeveralCountiesSaysSo() throws {
        let found = try find("77003", "Nowhere", "TX")
        #expect(found.county?.fips == "48201")
        #expect(counties(found) == ["48201": 0.6, "48141": 0.4])
        #expect(try find("77002", "Nowhere", "TX").counties.isEmpty)
    }

    /// Far away, in the county of the ZIP's centre, or in a county that the ZIP does not lie in: the city says nothing.
    @Test func mostCitiesSettleNoCounty() throws {
        #expect(try counties(find("77003", "El Paso", "TX")) == ["48201": 0.6, "48141": 0.4])
        #expect(try counties(find("77003", "Houston", "TX")) == ["48201": 0.6, "48141": 0.4])
        let foreign = try find("77003", "Houston", "TX") {
            $0.placeCounties["houston"] = ([0], false)
            $0.states[1].places[2] = ("houston", 0, 29.7493, -95.3476)
        }
        #expect(counties(foreign) == ["48201": 0.6, "48141": 0.4] && foreign.county?.fips == "48201")
    }

    /// Of a place the middle alone is known, and cities reach over borders: the ZIP's other counties stay possible.
    @Test func aPlaceInTheZIPAndInItsSmallerCountyIsLikelyWhereTheZIPIsItsOwn() throws {
        let own = try find("77003", "Houston", "TX") {
            $0.placeCounties["houston"] = ([1], false)
            $0.states[1].places[2] = ("houston", 0, 29.745, -95.34)
        }
        #expect(own.county?.fips == "48141" && counties(own) == ["48141": 0.6, "48201": 0.4])
        #expect(own.counties.first?.fips == "48141")
        // 77002 is nearer to its middle: it has several ZIPs, and this is an outer one.
        let outer = try find("77003", "Houston", "TX") {
            $0.placeCounties["houston"] = ([1], false)
            $0.states[1].places[2] = ("houston", 0, 29.76, -95.365)
            $0.shares[0].parts = [(2, 80), (1, 20)]
        }
        #expect(outer.county?.fips == "48201" && counties(outer) == ["48201": 0.7, "48141": 0.3])
        let beyond = try find("77003", "Houston", "TX") {
            $0.placeCounties["houston"] = ([1], false)
            $0.states[1].places[2] = ("houston", 0, 29.80, -95.35)
        }
        #expect(beyond.county?.fips == "48201" && counties(beyond) == ["48201": 0.6, "48141": 0.4])
    }

    /// Two ZIPs that touch across a border: the post office names one state, and people may live in the other.
    @Test func aZIPThatMayReachIntoTheNamedStateLiesInBoth() throws {
        let change = { (fixture: inout GazetteerFixture) in
            fixture.zips[1] = (2109, 0, 3, 29.79, -95.36)
            fixture.states[0].places[0] = ("boston", 0, 29.77, -95.36)
        }
        let named = try find("77002", "Boston", "MA", change)
        #expect(named.conflict == nil && named.county?.fips == "48201")
        #expect(counties(named) == ["48201": 0.6, "25025": 0.4] && named.states == ["TX", "MA"])
        // Without a place that is known, the nearest ZIP tells the county.
        #expect(try counties(find("77003", "Nowhere", "MA", change)) == ["48201": 0.36, "48141": 0.24, "25025": 0.4])
        // A place of that state that lies elsewhere is a contradiction all the same.
        let far = try find("77002", "Springfield", "MA", change)
        #expect(far.conflict?.zipState == "TX" && far.counties.isEmpty)
        let apart = try find("77002", "Nowhere", "MA") { $0.zips[1] = (2109, 0, 3, 29.83, -95.36) }
        #expect(apart.conflict?.zipState == "TX" && apart.counties.isEmpty)
    }

    /// Post-office boxes and single institutions have ZIPs without an area.
    @Test func aCityThatIsACountySettlesAZIPWithoutAnArea() throws {
        #expect(try find("02199", "Boston", "MA").county?.fips == "25025")
        // No neighbour is known.
        #expect(try find("99999", "Boston", "MA").county?.fips == "25025")
        // The neighbours lie elsewhere, in another state or in another county.
        #expect(try find("77099", "Boston", "MA").county == nil)
        let other = try find("77099", "Houston", "TX") {
            $0.placeCounties["houston"] = ([1], true)
            $0.states[1].places[2].latitude = 29.76
        }
        #expect(other.county == nil && other.location?.precision == .city)
        // A city that is no county, and a ZIP that was not named at all.
        #expect(try find("77099", "Houstonia", "TX").county == nil)
        #expect(try find("", "Boston", "MA").county == nil)
    }

    @Test func aCityThatIsTheCountyOfTheZIPSettlesIt() throws {
        let found = try find("77003", "Houston", "TX") { $0.placeCounties["houston"] = ([2], true) }
        #expect(found.county?.fips == "48201" && found.counties.isEmpty)
    }

    /// No ZIP has its centre in El Paso County here: it is a city whose people all have their neighbours' ZIPs.
    @Test func aCityWithoutAZIPOfItsOwnIsLikelyAndNotSure() throws {
        let change = { (fixture: inout GazetteerFixture) in
            fixture.placeCounties["houston"] = ([1], true)
            fixture.zips[4].county = 2
        }
        let found = try find("77003", "Houston", "TX", change)
        #expect(found.county?.fips == "48141")
        #expect(found.counties.map(\.fips) == ["48141", "48201"] && found.counties.map(\.share) == [0.6, 0.4])
    }

    /// El Paso County has a ZIP here: the city's name is as much its neighbours'. It is never a sure no for that.
    @Test func aCityThatIsACountyIsPossibleInAnyZIPNearIt() throws {
        // Many of the ZIP's people live in it.
        let many = try find("77003", "Houston", "TX") { $0.placeCounties["houston"] = ([1], true) }
        #expect(many.county?.fips == "48141" && counties(many) == ["48141": 0.6, "48201": 0.4])
        // A ZIP that the shares put into one county alone.
        let alone = try find("77002", "Houston", "TX") { $0.placeCounties["houston"] = ([1], true) }
        #expect(alone.county?.fips == "48201" && counties(alone) == ["48141": 0.3, "48201": 0.7])
        let far = try find("77002", "Houston", "TX") {
            $0.placeCounties["houston"] = ([1], true)
            $0.states[1].places[2] = ("houston", 0, 29.99, -95.35)
        }
        #expect(far.county?.fips == "48201" && far.counties.isEmpty)
    }

    @Test func aPlaceThatContradictsTheZIPSettlesNothing() throws {
        let found = try find("77003", "Boston", "MA")
        #expect(found.conflict != nil && found.county?.fips == "48201" && found.counties.count == 2)
    }
}
