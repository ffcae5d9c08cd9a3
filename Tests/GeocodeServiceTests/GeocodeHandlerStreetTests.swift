import Contracts
import Foundation
import Logging
import Places
import ServiceRuntime
import Testing

@testable import GeocodeService

/// The stage with geocoders that know streets.
@Suite struct GeocodeHandlerStreetTests {
    private static let acceptedAt = Date(timeIntervalSince1970: 1_700_000_000)

    private func handle(
        _ geocoders: ScriptedGeocoder..., address: PostalAddress = .cityHall, after seconds: Double = 0
    ) async throws -> Geocoding {
        let streets = GeocodeHandler.Streets(
            search: StreetSearch(geocoders: geocoders), patience: Patience(limit: .seconds(900)))
        let handler = GeocodeHandler(gazetteer: try GazetteerFile.read(nil)) { streets }
        let accepted = RequestAccepted(
            RequestReference(
                provider: "portal", providerRequestID: "R-1", organization: "relief", acceptedAt: Self.acceptedAt),
            address: address, regionCode: nil)
        let event = Event(
            id: UUID(), source: "/intake/ingest", time: accepted.request.acceptedAt, requestID: RequestID(UUID()),
            data: accepted)
        let context = StageContext(
            attempt: 1, maxAttempts: 3, now: Self.acceptedAt.addingTimeInterval(seconds), logger: Logger(label: "test"))
        let output = try await handler.handle(event, context: context).first
        return try #require(output as? RequestGeocoded).geocoding
    }

    @Test func aBelievedAnswerReplacesTheGazetteersLocation() async throws {
        let geocoded = try await handle(ScriptedGeocoder(finds: .house()))
        #expect(geocoded.location == StreetMatch.house().location)
        #expect(geocoded.countyFIPS == "48201")
        #expect(geocoded.disputes.isEmpty && geocoded.unavailable.isEmpty)
    }

    @Test func theAnswersCountyCounts() async throws {
        let geocoded = try await handle(ScriptedGeocoder(finds: .house(county: "48157")))
        #expect(geocoded.countyFIPS == "48157")
        #expect(geocoded.county == "Fort Bend County")
    }

    /// Connecticut's planning regions, and codes that nobody knows, would fall out of what is covered.
    @Test(arguments: ["09110", "99999", ""])
    func aCountyThatTheGazetteerDoesNotGoByIsLeftOut(fips: String) async throws {
        let geocoded = try await handle(ScriptedGeocoder(finds: .house(county: fips)))
        #expect(geocoded.countyFIPS == "48201")
        #expect(geocoded.county == "Harris County" && geocoded.counties.isEmpty)
    }

    /// Connecticut is divided twice: whichever of the two a geocoder names, the place lies in one of each.
    @Test(arguments: [("09003", true), ("09013", true), ("09110", false), ("09140", false)])
    func inConnecticutBothKindsOfCountiesAreKept(named: String, isCounty: Bool) async throws {
        let address = PostalAddress(street: "1 Main St", city: "Nowhere", state: "CT", zip: "06103")
        let match = StreetMatch.house(latitude: 41.766, longitude: -72.675, state: "CT", county: named)
        let geocoded = try await handle(ScriptedGeocoder(finds: match), address: address)
        let shares = Dictionary(uniqueKeysWithValues: geocoded.counties.map { ($0.fips, $0.share) })
        #expect(shares[named] == 1)
        #expect(geocoded.counties.count { $0.isPlanningRegion } == 1 && geocoded.counties.count == 2)
        #expect(geocoded.countyFIPS == (isCounty ? named : "09003"))
    }

    /// Petersburg's ZIP lies in four counties; who knows the house knows the county.
    @Test func theAnswersCountySettlesWhatTheZIPLeavesOpen() async throws {
        let address = PostalAddress(street: "15 W Bank St", city: "Petersburg", state: "VA", zip: "23803")
        let open = try await handle(ScriptedGeocoder { _ in .noMatch }, address: address)
        #expect(open.countyFIPS == "51730" && open.counties.count > 2)
        #expect(open.counties.first?.fips == "51730" && open.counties.map(\.share).reduce(0, +) > 0.97)
        let match = StreetMatch.house(latitude: 37.23, longitude: -77.40, state: "VA", county: "51053")
        let settled = try await handle(ScriptedGeocoder(finds: match), address: address)
        #expect(settled.countyFIPS == "51053" && settled.county == "Dinwiddie County" && settled.counties.isEmpty)
    }

    @Test func aPlaceThatTheGazetteerLacksGetsItsLocationToo() async throws {
        let address = PostalAddress(street: "1 Main St", city: "Nowhere", state: "TX", zip: "99999")
        let geocoded = try await handle(ScriptedGeocoder(finds: .house()), address: address)
        #expect(geocoded.location?.precision == .rooftop)
        #expect(geocoded.reason == nil)
    }

    @Test func whatIsNotBelievedIsToldAndTheGazetteerHolds() async throws {
        let geocoded = try await handle(ScriptedGeocoder(finds: .house(latitude: 0, longitude: 0)))
        #expect(geocoded.location?.precision == .zip)
        #expect(geocoded.disputes == [DisputedAnswer(source: "scripted", reason: .noPoint)])
    }

    @Test func withoutAnAnswerTheRequestWaitsAndSpendsNoAttempt() async throws {
        let failure = await #expect(throws: StageFailure.self) {
            try await handle(ScriptedGeocoder(fails: .refused), ScriptedGeocoder { _ in .noMatch }, after: 899)
        }
        #expect(failure?.kind == .outage(retryAfter: .zero))
        #expect(failure?.error.code == "geocoder-away")
        #expect(failure.map { "\($0)" }?.contains("Bagby") == false)
    }

    @Test func whenThePatienceIsOverItGoesOnWithTheGazetteer() async throws {
        let geocoded = try await handle(ScriptedGeocoder("map", fails: .away()), after: 900)
        #expect(geocoded.location?.precision == .zip)
        #expect(geocoded.unavailable == ["map"])
    }

    @Test func whoWasAwayIsNotMissedWhenAnotherHasFoundIt() async throws {
        let geocoded = try await handle(ScriptedGeocoder("map", fails: .away()), ScriptedGeocoder(finds: .house()))
        #expect(geocoded.location?.precision == .rooftop)
        #expect(geocoded.unavailable.isEmpty)
    }

    @Test func thatThereIsNoSuchAddressIsAnAnswer() async throws {
        let geocoded = try await handle(ScriptedGeocoder { _ in .noMatch })
        #expect(geocoded.location?.precision == .zip)
        #expect(geocoded.unavailable.isEmpty)
    }

    @Test func theWordsOfTheGeocoderStayHere() async throws {
        let reference = RequestReference(
            provider: "portal", providerRequestID: "R-1", organization: "relief", acceptedAt: Self.acceptedAt)
        let geocoded = RequestGeocoded(reference, try await handle(ScriptedGeocoder(finds: .house())))
        let body = try FieldCoder.write(geocoded)
        #expect(!String(decoding: body, as: UTF8.self).uppercased().contains("BAGBY"))
    }

    /// Without geocoders a request costs microseconds; the limit is that of a release build, times ten for others.
    @Test func withoutGeocodersARequestCostsNextToNothing() async throws {
        let handler = GeocodeHandler(gazetteer: try GazetteerFile.read(nil))
        let accepted = RequestAccepted(
            RequestReference(
                provider: "portal", providerRequestID: "R-1", organization: "relief", acceptedAt: Self.acceptedAt),
            address: .cityHall, regionCode: nil)
        let event = Event(
            id: UUID(), source: "/intake/ingest", time: accepted.request.acceptedAt, requestID: RequestID(UUID()),
            data: accepted)
        let context = StageContext(attempt: 1, maxAttempts: 3, now: Self.acceptedAt, logger: Logger(label: "test"))
        let count = 2_000
        // The quickest of a few: what else the machine does is not the handler's cost.
        var quickest = Duration.seconds(3600)
        for _ in 0..<5 {
            let start = ContinuousClock.now
            for _ in 0..<count { _ = try await handler.handle(event, context: context) }
            quickest = min(quickest, start.duration(to: .now) / count)
        }
        print("a request without geocoders:", quickest)
        #expect(quickest < .microseconds(500))
    }
}
