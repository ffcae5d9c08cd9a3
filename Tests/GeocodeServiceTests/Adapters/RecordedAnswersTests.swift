import Contracts
import Foundation
import TestSupport
import Testing

@testable import GeocodeService

/// What the services have really answered. The recordings are no part of the project: the tests run where
/// `INTAKE_TESTDATA` names their folder, or where it lies beside the checkout as `shared/testdata`.
enum RecordedAnswers {
    private static let directory: String = {
        let named = ProcessInfo.processInfo.environment["INTAKE_TESTDATA"]
        return (named ?? URL(fileURLWithPath: Repository.path("../shared/testdata")).standardized.path) + "/geocoders"
    }()

    static var areThere: Bool { FileManager.default.fileExists(atPath: directory) }

    static func names(_ kind: GeocoderEntry.Kind) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(directory)/\(kind.rawValue)")
    }

    static func body(_ kind: GeocoderEntry.Kind, _ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(kind.rawValue)/\(name)")))
    }
}

@Suite(.enabled(if: RecordedAnswers.areThere)) struct RecordedAnswersTests {
    private let garden = PostalAddress(street: "4 Penn Plaza", city: "New York", state: "NY", zip: "10001")

    private func read(
        _ kind: GeocoderEntry.Kind, _ name: String, for address: PostalAddress? = nil
    ) throws -> StreetFinding {
        try Asking.dialect(kind).finding(
            in: GeocoderAnswer(status: 200, body: try RecordedAnswers.body(kind, name)), for: address ?? garden)
    }

    @Test func noRecordingIsForgotten() throws {
        let names = try Asking.kinds.flatMap { try RecordedAnswers.names($0) }
        #expect(names.count == 16, "\(names)")
    }

    @Test func census() throws {
        let address = PostalAddress(street: "4600 Silver Hill Road", city: "Suitland", state: "MD", zip: "20746")
        let match = try #require(try read(.census, "uscensus.json", for: address).match)
        #expect(match.location.latitude == 38.846542 && match.location.longitude == -76.92691)
        #expect(match.location.precision == .interpolated && match.location.confidence == 0.9)
        #expect(match.state == "MD" && match.countyFIPS == nil)
        #expect(match.matchedText == "4600 Silver Hill Rd, SUITLAND, MD, 20746")
    }

    @Test func anAnswerToTheOtherQuestionIsNone() throws {
        let failure = #expect(throws: GeocoderFailure.self) { try read(.census, "uscensus_reverse.json") }
        #expect(failure?.code == "wrong-shape")
    }

    @Test func google() throws {
        let match = try #require(try read(.google, "google_madison_square_garden.json").match)
        #expect(match.location.latitude == 40.750354 && match.location.longitude == -73.993371)
        #expect(match.location.precision == .rooftop && match.location.confidence == 1)
        #expect(match.state == "NY")
        #expect(match.matchedText == "4 Penn Plaza, New York, NY 10001, USA")
    }

    /// British postcodes, a city, a Turkish postcode, an Egyptian street, and nothing.
    @Test(
        arguments: [
            "google_garbage.json", "google_new_york.json", "google_no_city_data.json", "google_no_locality.json",
            "google_no_results.json",
        ])
    func whatGoogleDoesNotKnowIsNoMatch(name: String) throws {
        #expect(try read(.google, name) == .noMatch)
    }

    @Test func googlesLimit() throws {
        let failure = #expect(throws: GeocoderFailure.self) { try read(.google, "google_over_limit.json") }
        #expect(failure?.code == "over-query-limit" && failure?.kind == .away(retryAfter: nil))
    }

    /// From before ranks: a stadium on a street, without a number.
    @Test func nominatim() throws {
        let match = try #require(try read(.nominatim, "nominatim_madison_square_garden.json").match)
        #expect(match.location.latitude == 40.7504928941818 && match.location.longitude == -73.993466492276)
        #expect(match.location.precision == .street && match.state == "NY")
        #expect(match.location.confidence == 0.7)
        #expect(match.location.attribution?.contains("OpenStreetMap") == true)
        var named = garden
        named.street = "Madison Square Garden"
        let byName = try read(.nominatim, "nominatim_madison_square_garden.json", for: named)
        #expect(byName.match?.location.precision == .rooftop)
    }

    /// A cathedral in Germany, a city in Canada, and nothing.
    @Test(
        arguments: ["nominatim_cologne_cathedral_cologne_germany.json", "nominatim_no_results.json", "osm.json"])
    func whatNominatimDoesNotKnowIsNoMatch(name: String) throws {
        #expect(try read(.nominatim, name) == .noMatch)
    }

    @Test func nominatimsLimit() throws {
        let failure = #expect(throws: GeocoderFailure.self) { try read(.nominatim, "nominatim_over_limit.html") }
        #expect(failure?.code == "over-limit" && failure?.kind == .away(retryAfter: nil))
    }

    @Test func pelias() throws {
        let match = try #require(try read(.pelias, "pelias_madison_square_garden.json").match)
        #expect(match.location.latitude == 40.75066 && match.location.longitude == -73.99347)
        #expect(match.location.precision == .street && match.location.confidence == 0.896)
        #expect(match.state == "NY")
        #expect(try read(.pelias, "pelias_no_results.json") == .noMatch)
    }
}
