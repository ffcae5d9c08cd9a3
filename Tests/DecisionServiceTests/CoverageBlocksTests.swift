import Contracts
import Foundation
import Testing

@testable import DecisionService

/// Blocks, their days and notes, and what is excluded.
@Suite struct CoverageBlocksTests {
    private func decide(
        _ rules: String, _ request: RequestGeocoded = CoverageFixture.geocoded(state: "TX", zip: "77002"),
        at time: String = "2026-06-15T12:00:00Z"
    ) throws -> CoverageOutcome {
        let date = try #require(Timestamp.date(time))
        return try CoverageFixture.decide(request, by: CoverageFixture.relief(rules), at: date)
    }

    @Test(arguments: [
        ("2026-02-28T23:59:59.999Z", false), ("2026-03-01T00:00:00Z", true), ("2026-03-31T23:59:59.999Z", true),
        ("2026-04-01T00:00:00Z", false),
    ])
    func bothDaysAreIncluded(time: String, holds: Bool) throws {
        let rules = "covers: {states: [TX], valid_from: 2026-03-01, valid_until: 2026-03-31}"
        let outcome = try decide(rules, at: time)
        #expect(outcome.acceptance == holds)
        #expect(outcome.reason == (holds ? .stateCovered : .noCoverageDefined))
    }

    /// Central time is six hours behind in winter and five in summer.
    @Test(arguments: [
        ("2026-03-01T05:59:59Z", false), ("2026-03-01T06:00:00Z", true), ("2026-04-01T04:59:59Z", true),
        ("2026-04-01T05:00:00Z", false),
    ])
    func daysAreThoseOfTheTimeZone(time: String, holds: Bool) throws {
        let rules =
            "time_zone: America/Chicago, covers: {states: [TX], valid_from: 2026-03-01, valid_until: 2026-03-31}"
        #expect(try decide(rules, at: time).acceptance == holds)
    }

    @Test func aBlockAfterTheOtherTakesOver() throws {
        let rules = """
            covers: [{zips: ["77002"], valid_until: 2026-05-31, capacity_note: spring},
              {zips: ["77002"], valid_from: 2026-06-01, capacity_note: summer}]
            """
        #expect(try decide(rules, at: "2026-05-31T23:00:00Z").capacityNote == "spring")
        #expect(try decide(rules, at: "2026-06-01T00:00:00Z").capacityNote == "summer")
    }

    @Test func theMostSpecificRuleOfAllBlocksIsNamedWithItsNote() throws {
        let rules = """
            covers: [{states: [TX], capacity_note: wide}, {zip_prefixes: ["770"]},
              {zip_ranges: [77000-77099, 77001-77009], capacity_note: narrow}]
            """
        let outcome = try decide(rules)
        #expect(outcome.rule?.description == "zip-range:77001-77009")
        #expect(outcome.reason == .zipCovered)
        #expect(outcome.capacityNote == "narrow")
        let other = CoverageFixture.geocoded(state: "TX", zip: "77050")
        #expect(try decide(rules, other).rule?.description == "zip-range:77000-77099")
    }

    @Test(arguments: ["77000", "77001", "77098", "77099", "76999", "77100"])
    func aRangeHoldsItsEnds(zip: String) throws {
        let rules = "covers: {zip_ranges: [77000-77099, 10000-10000]}"
        let outcome = try decide(rules, CoverageFixture.geocoded(state: "TX", zip: zip))
        #expect(outcome.acceptance == zip.hasPrefix("770"))
    }

    @Test func whatIsExcludedIsOutWhateverCoversIt() throws {
        let rules = #"covers: {states: [TX], zips: ["77002"], region_codes: [GULF]}, exclude: {zips: ["77002"]}"#
        let outcome = try decide(
            rules, CoverageFixture.geocoded(state: "TX", zip: "77002", regionCode: "GULF"))
        #expect(!outcome.acceptance)
        #expect(outcome.reason == .excluded)
        #expect(outcome.rule == .zip("77002"))
        #expect(outcome.explanation == "Example Relief does not serve ZIP 77002.")
        #expect(try decide(rules, CoverageFixture.geocoded(state: "TX", zip: "77003")).acceptance)
    }

    @Test func anExclusionHasDaysToo() throws {
        let rules = "covers: {states: [TX]}, exclude: [{states: [TX], valid_from: 2026-07-01, valid_until: 2026-07-02}]"
        #expect(try decide(rules).acceptance)
        #expect(try decide(rules, at: "2026-07-02T12:00:00Z").reason == .excluded)
    }

    /// "Yes" would be a guess: the county may be the one that is excluded.
    @Test func anOpenCountyIsUnknownWhereCountiesAreExcluded() throws {
        let rules = #"covers: {states: [TX, OK]}, exclude: {counties: ["48201"]}"#
        let open = CoverageFixture.geocoded(
            state: "TX", zip: "11111", countyFIPS: nil, county: nil, location: CoverageFixture.location(.city))
        #expect(try decide(rules, open).reason == .locationUnknown)
        #expect(try decide(rules, CoverageFixture.geocoded(state: "OK", countyFIPS: nil)).acceptance)
    }

    @Test func theVersionChangesWithEachFileThatIsNamed() throws {
        let rules = "covers: [{zips_file: a.csv}, {zips_file: b.csv}]"
        func version(_ first: String, _ second: String) throws -> String {
            try CoverageFixture.relief(rules, files: ["a.csv": first, "b.csv": second]).version
        }
        let versions = [
            try version("77002", "77003"), try version("77003", "77002"), try version("77002", "77004"),
            try version("77002\n", "77003"),
        ]
        #expect(Set(versions).count == 4)
        #expect(try version("77002", "77003") == versions[0])
    }
}
