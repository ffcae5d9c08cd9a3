import Contracts
import Testing

@testable import DecisionService

/// What staff say to a resident. They name no more of a place than ZIP, county and state.
@Suite struct CoverageWordingTests {
    @Test(arguments: [
        ("covers: {zips: ['77002']}", "Example Relief covers ZIP 77002."),
        (
            "covers: {zip_ranges: [77000-77099]}",
            "Example Relief covers the ZIPs from 77000 to 77099, and 77002 is one of them."
        ),
        (
            "covers: {zip_prefixes: ['77']}",
            "Example Relief covers the ZIPs that begin with 77, and 77002 is one of them."
        ),
        ("covers: {counties: ['48201']}", "Example Relief covers Harris County, TX."),
        ("covers: {counties: ['Harris County, TX']}", "Example Relief covers Harris County, TX."),
        ("covers: {states: [TX]}", "Example Relief covers all of TX."),
        ("covers: {region_codes: [gulf]}", "Example Relief covers the region gulf, which the partner has named."),
        ("covers: {states: [OK]}", "Example Relief covers neither ZIP 77002 nor Harris County, TX."),
        ("covers: {states: [TX]}, exclude: {counties: ['48201']}", "Example Relief does not serve Harris County, TX."),
        (
            "covers: {states: [TX], valid_until: 2020-01-01}",
            "Example Relief covered no place on the day of the request."
        ),
    ])
    func saysWhy(rules: String, expected: String) throws {
        let request = CoverageFixture.geocoded(
            state: "TX", zip: "77002", countyFIPS: "48201", county: "Harris County", regionCode: "GULF")
        let outcome = try CoverageFixture.decide(request, by: CoverageFixture.relief(rules))
        #expect(outcome.explanation == expected)
        #expect(outcome.needed == nil)
    }

    @Test func saysWhatIsNeeded() throws {
        func needed(_ request: RequestGeocoded) throws -> String? {
            try CoverageFixture.decide(request, by: CoverageFixture.relief("covers: {counties: ['48201']}")).needed
        }
        let noCounty = CoverageFixture.geocoded(
            state: "TX", zip: "1", countyFIPS: nil, county: nil, location: CoverageFixture.location(.city))
        #expect(try needed(noCounty) == "a known county: the answer depends on the county in TX")
        let nowhere = CoverageFixture.geocoded(state: "TX", zip: "1", countyFIPS: nil, county: nil, location: nil)
        #expect(try needed(nowhere) == "a ZIP that is known, or a place that can be found")
    }

    @Test func anOrganizationWithoutANameIsCalledByItsID() throws {
        let coverage = try CoverageFixture.coverage("organizations: {relief: {covers: {states: [OH]}}}")
        let outcome = try CoverageFixture.decide(CoverageFixture.geocoded(), by: coverage)
        #expect(outcome.explanation == "relief covers all of OH.")
    }
}
