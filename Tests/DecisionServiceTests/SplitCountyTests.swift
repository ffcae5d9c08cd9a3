import Contracts
import Foundation
import Places
import Testing

@testable import DecisionService

/// A place whose ZIP lies in several counties: nothing that depends on which is sure.
@Suite struct SplitCountyTests {
    private static let shares = [
        CountyShare(fips: "51053", name: "Dinwiddie County", share: 0.5),
        CountyShare(fips: "51041", name: "Chesterfield County", share: 0.3),
        CountyShare(fips: "51730", name: "Petersburg city", share: 0.2),
    ]

    private func decide(
        _ rules: String, shares: [CountyShare] = shares, zip: String = "23803", state: String = "VA"
    ) throws -> CoverageOutcome {
        var geocoded = CoverageFixture.geocoded(
            state: state, zip: zip, countyFIPS: shares.first?.fips, county: shares.first?.name)
        geocoded.geocoding.counties = shares
        return try CoverageFixture.decide(geocoded, by: CoverageFixture.relief(rules))
    }

    /// Its rules, whether the answer is yes, and whether it is sure.
    @Test(arguments: [
        (#"covers: {counties: ["51730"]}"#, false, false), (#"covers: {counties: ["51053"]}"#, false, false),
        (#"covers: {counties: ["51053", "Petersburg city, VA"]}"#, true, false),
        (#"covers: {counties: ["51053", "51041", "Petersburg city, VA"]}"#, true, true),
        (#"covers: {counties: ["51760"]}"#, false, true),
        (#"covers: {counties: ["51730"], zips: ["23803"]}"#, true, true),
        (#"covers: {counties: ["51730"], zip_prefixes: ["238"]}"#, true, true),
        (#"covers: {counties: ["51730"], states: [VA]}"#, true, true),
        (#"covers: {states: [VA]}, exclude: {counties: ["51730"]}"#, false, false),
        (#"covers: {states: [VA]}, exclude: {counties: ["51053", "51041"]}"#, false, false),
        (#"covers: {states: [VA]}, exclude: {counties: ["51053", "51041", "51730"]}"#, false, true),
        (#"covers: {states: [VA]}, exclude: {counties: ["51760"]}"#, true, true),
        (#"covers: {counties: ["51053", "51041"]}, exclude: {counties: ["51730"]}"#, false, false),
    ])
    func whatDependsOnTheCountyIsNotSure(rules: String, acceptance: Bool, isSure: Bool) throws {
        let outcome = try decide(rules)
        #expect(outcome.acceptance == acceptance && (outcome.needed == nil) == isSure, "\(outcome)")
        #expect(!isSure || !outcome.explanation.contains("not sure"))
    }

    @Test func aSmallPartIsUnknownAndALargeOneProbable() throws {
        let small = try decide(#"covers: {counties: ["51730"]}"#)
        #expect(small.reason == .locationUnknown && small.rule == nil)
        let large = try decide(#"covers: {counties: ["51053", "51730"]}"#)
        #expect(large.reason == .countyCovered && large.rule == .county("51053"))
        #expect(
            large.explanation
                == "Most people of ZIP 23803 live in a county that Example Relief covers. That is not sure: ZIP 23803 lies in "
                + "Dinwiddie County (about 50 %), Chesterfield County (30 %) and Petersburg city (20 %), and the answer "
                + "depends on which it is.")
        #expect(
            large.needed
                == "a street address that can be found: ZIP 23803 lies in Dinwiddie County (about 50 %), Chesterfield County "
                + "(30 %) and Petersburg city (20 %)")
    }

    @Test func whoeverWantsItIsAsked() throws {
        let review = #"review: {when: [location_too_coarse], deadline: 48h, fallback: decline}"#
        #expect(try decide(#"covers: {counties: ["51730"]}, "# + review).review?.reason == .locationTooCoarse)
        #expect(try decide(#"covers: {counties: ["51053", "51730"]}, "# + review).review?.reason == .locationTooCoarse)
        #expect(try decide(#"covers: {counties: ["51760"]}, "# + review).review == nil)
    }

    /// A ZIP over a state's border: rules of states, too, are sure only where they hold all of it.
    @Test(arguments: [
        ("covers: {states: [KY]}", false, false), ("covers: {states: [TN]}", true, false),
        ("covers: {states: [KY, TN]}", true, true), ("covers: {states: [OH]}", false, true),
        (#"covers: {counties: ["Christian County, KY"]}"#, false, false),
        (#"covers: {counties: ["Montgomery County, TN"], states: [KY]}"#, true, true),
        (#"covers: {states: [KY, TN]}, exclude: {states: [KY]}"#, false, false),
        (#"covers: {zips: ["42223"]}"#, true, true),
    ])
    func aZIPOverAStatesBorderIsSureInNeither(rules: String, acceptance: Bool, isSure: Bool) throws {
        let shares = [
            CountyShare(fips: "47125", name: "Montgomery County", share: 0.6),
            CountyShare(fips: "21047", name: "Christian County", share: 0.4),
        ]
        let outcome = try decide(rules, shares: shares, zip: "42223", state: "KY")
        #expect(outcome.acceptance == acceptance && (outcome.needed == nil) == isSure, "\(outcome)")
    }

    /// Connecticut is divided twice; a rule may name either.
    @Test(arguments: [
        ("09003", true, true), ("09110", true, false), ("09140", false, false), ("09013", false, true),
        ("Capitol Planning Region, CT", true, false), ("Hartford County, CT", true, true), ("09170", false, true),
    ])
    func connecticutHasCountiesAndPlanningRegions(county: String, acceptance: Bool, isSure: Bool) throws {
        let shares = [
            CountyShare(fips: "09003", name: "Hartford County", share: 1),
            CountyShare(fips: "09110", name: "Capitol Planning Region", share: 0.8),
            CountyShare(fips: "09140", name: "Naugatuck Valley Planning Region", share: 0.2),
        ]
        let outcome = try decide("covers: {counties: [\"\(county)\"]}", shares: shares, zip: "06010", state: "CT")
        #expect(outcome.acceptance == acceptance && (outcome.needed == nil) == isSure, "\(outcome)")
    }

    /// What is decided of real addresses by the shipped gazetteer.
    @Test(arguments: [
        ("23803", "Petersburg", "VA", "Petersburg city, VA", true), ("23805", "Petersburg", "VA", "51730", true),
        ("24450", "Lexington", "VA", "Lexington city, VA", true), ("24333", "Galax", "VA", "51640", true),
        ("20111", "Manassas Park", "VA", "51685", true), ("99686", "Valdez", "AK", "02063", true),
        ("99686", "Valdez", "AK", "Valdez-Cordova Census Area, AK", true), ("99588", "Glennallen", "AK", "02066", true),
        ("99588", "Glennallen", "AK", "02261", true), ("57770", "Pine Ridge", "SD", "Shannon County, SD", true),
        ("57770", "Pine Ridge", "SD", "46102", true), ("24523", "Bedford", "VA", "Bedford city, VA", true),
        ("32801", "Orlando", "FL", "Dade County, FL", false), ("33125", "Miami", "FL", "Dade County, FL", true),
        ("06103", "Hartford", "CT", "Capitol Planning Region, CT", true), ("06103", "Hartford", "CT", "09003", true),
        ("77002", "Houston", "TX", "Harris County, TX", true),
        ("77002", "Houston", "TX", "Fort Bend County, TX", false),
        ("23220", "Richmond", "VA", "Richmond city, VA", true), ("63101", "St. Louis", "MO", "29510", true),
    ])
    func realAddresses(zip: String, city: String, state: String, county: String, acceptance: Bool) throws {
        let finder = PlaceFinder(gazetteer: try GazetteerFile.read(nil))
        let found = finder.find(zip: ZIPCode(zip), city: city, state: state)
        var geocoded = CoverageFixture.geocoded(
            state: state, zip: zip, countyFIPS: found.county?.fips, county: found.county?.name, location: found.location
        )
        geocoded.geocoding.counties = found.counties
        let outcome = try CoverageFixture.decide(
            geocoded, by: CoverageFixture.relief("covers: {counties: [\"\(county)\"]}"))
        #expect(outcome.acceptance == acceptance, "\(found.counties) \(outcome)")
    }
}
