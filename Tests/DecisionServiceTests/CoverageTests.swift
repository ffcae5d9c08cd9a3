import Contracts
import Foundation
import Testing

@testable import DecisionService

@Suite struct CoverageTests {
    private let coverage: Coverage

    init() throws { coverage = try CoverageFixture.coverage() }

    private func decide(_ geocoded: RequestGeocoded) throws -> CoverageOutcome {
        try CoverageFixture.decide(geocoded, by: coverage)
    }

    private func rule(_ geocoded: RequestGeocoded) throws -> String? {
        let decision = try decide(geocoded)
        #expect(decision.acceptance == (decision.rule != nil))
        #expect((decision.rule != nil) == decision.acceptance)
        return decision.rule?.description
    }

    @Test func theMostSpecificRuleIsNamed() throws {
        var request = CoverageFixture.geocoded(
            state: "TX", zip: "77002", countyFIPS: "48201", county: "Harris County", regionCode: "TXGULF")
        #expect(try rule(request) == "region:TXGULF")
        request.geocoding.regionCode = "OTHER"
        #expect(try rule(request) == "zip:77002")
        request.geocoding.zip = "77010"
        #expect(try rule(request) == "county:48201")
        request.geocoding.countyFIPS = "48157"
        #expect(try rule(request) == "zip-prefix:7701")
        request.geocoding.zip = "77099"
        #expect(try rule(request) == "zip-prefix:770")
        request.geocoding.zip = "77399"
        #expect(try rule(request) == "zip-prefix:77")
        request.geocoding.zip = "75001"
        #expect(try rule(request) == "state:TX")
        request.geocoding.state = "OK"
        #expect(try rule(request) == nil)
    }

    @Test(arguments: ["TXGULF", "txgulf", " TxGulf "])
    func regionCodesMatchWithoutRegardToCase(code: String) throws {
        #expect(try rule(CoverageFixture.geocoded(regionCode: code)) == "region:TXGULF")
    }

    @Test(arguments: ["", " ", "TXGULF2", "TX GULF"])
    func otherRegionCodesDoNotMatch(code: String) throws {
        #expect(try rule(CoverageFixture.geocoded(regionCode: code)) == nil)
    }

    @Test(arguments: [
        ("Doña Ana County", "NM", "county:Doña Ana County, NM"),
        ("Dona Ana County", "NM", "county:Doña Ana County, NM"),
        ("St. Louis city", "MO", "county:St. Louis city, MO"), ("Saint Louis City", "MO", "county:St. Louis city, MO"),
        ("St. Louis County", "MO", nil), ("Doña Ana County", "AZ", nil), ("Doña Ana", "NM", nil),
    ])
    func countiesMatchByNameAndState(county: String, state: String, expected: String?) throws {
        let request = CoverageFixture.geocoded(state: state, zip: "11111", countyFIPS: "99999", county: county)
        #expect(try rule(request) == expected)
    }

    @Test func aLeadingZeroIsPartOfAZIP() throws {
        #expect(try rule(CoverageFixture.geocoded(state: "MA", zip: "02108")) == "zip:02108")
        #expect(try rule(CoverageFixture.geocoded(state: "MA", zip: "2108")) == nil)
    }

    @Test(arguments: ["9", "90001", "99801"])
    func prefixesMatchShortAndLongZIPs(zip: String) throws {
        #expect(try rule(CoverageFixture.geocoded(state: "CA", zip: zip)) == "zip-prefix:9")
    }

    /// Mail goes by ZIP: a location by ZIP lies in the ZIP's state, whatever the partner named.
    @Test func theZIPsStateHoldsOverTheNamedOne() throws {
        let conflict = PlaceConflict(zipState: "TX")
        let inTexas = CoverageFixture.geocoded(
            state: "OH", zip: "75001", countyFIPS: "48113", county: "Dallas County", conflict: conflict)
        #expect(try rule(inTexas) == "state:TX")
        let inOhio = CoverageFixture.geocoded(state: "TX", conflict: PlaceConflict(zipState: "OH"))
        #expect(try rule(inOhio) == nil)
    }

    @Test func aLocationByCityOrPrefixLiesInTheNamedState() throws {
        for precision in [GeocodedLocation.Precision.city, .zip3, .init(rawValue: "of-a-later-version")] {
            let request = CoverageFixture.geocoded(
                state: "TX", zip: "44199", countyFIPS: nil, county: nil,
                location: CoverageFixture.location(precision), conflict: PlaceConflict(zipState: "OH"))
            #expect(try rule(request) == "state:TX")
        }
    }

    @Test func withoutALocationTheNamedStateHoldsUnlessTheZIPContradicts() throws {
        var request = CoverageFixture.geocoded(
            state: "TX", zip: "00000", countyFIPS: nil, county: nil, location: nil)
        #expect(try rule(request) == "state:TX")
        request.geocoding.conflict = PlaceConflict(zipState: "OH")
        let outcome = try decide(request)
        #expect(!outcome.acceptance)
        #expect(outcome.reason == .locationUnknown)
    }

    @Test func withoutALocationTheZIPsOwnRulesHold() throws {
        var request = CoverageFixture.geocoded(
            state: "NY", zip: "77002", countyFIPS: nil, county: nil, location: nil)
        #expect(try rule(request) == "zip:77002")
        request.geocoding.zip = "99999"
        #expect(try rule(request) == "zip-prefix:9")
        request.geocoding.zip = "00000"
        request.geocoding.regionCode = "TXGULF"
        #expect(try rule(request) == "region:TXGULF")
    }

    @Test func reasonsTellKnownFromUnknownPlaces() throws {
        #expect(try decide(CoverageFixture.geocoded()).reason == .notCovered)
        let nowhere = CoverageFixture.geocoded(countyFIPS: nil, county: nil, location: nil)
        #expect(try decide(nowhere).reason == .locationUnknown)
    }

    /// New Mexico has a county that is covered; of a place there without a county, "not covered" would be a guess.
    @Test func anOpenCountyIsUnknownWhereCountiesAreCovered() throws {
        func reason(_ state: String) throws -> DecisionReason {
            try decide(
                CoverageFixture.geocoded(
                    state: state, zip: "11111", countyFIPS: nil, county: nil, location: CoverageFixture.location(.city))
            ).reason
        }
        #expect(try reason("NM") == .locationUnknown)
        #expect(try reason("MO") == .locationUnknown)
        #expect(try reason("OH") == .notCovered)
    }

    @Test func organizationsAreKeptApart() throws {
        #expect(try rule(CoverageFixture.geocoded(organization: "pantry", state: "VT", zip: "05602")) == "state:VT")
        #expect(try rule(CoverageFixture.geocoded(organization: "pantry", state: "TX", zip: "77002")) == nil)
        #expect(
            coverage.decide(PlaceToDecide(CoverageFixture.geocoded().geocoding), organization: "Relief", at: .now)
                == nil)
    }
}
