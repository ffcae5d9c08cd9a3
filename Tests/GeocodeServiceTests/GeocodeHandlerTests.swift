import Contracts
import Foundation
import Logging
import Places
import ServiceRuntime
import Testing

@testable import GeocodeService

@Suite struct GeocodeHandlerTests {
    private let accepted = RequestAccepted(
        RequestReference(
            provider: "portal", providerRequestID: "R-1", organization: "relief",
            acceptedAt: Date(timeIntervalSince1970: 1_700_000_000)),
        address: PostalAddress(street: "901 Bagby St", city: "Houston", state: "TX", zip: "77002-1234"),
        regionCode: "TXGULF")

    private func handle(_ accepted: RequestAccepted) async throws -> RequestGeocoded {
        let handler = GeocodeHandler(gazetteer: try GazetteerFile.read(nil))
        let event = Event(
            id: UUID(), source: "/intake/ingest", time: accepted.request.acceptedAt, requestID: RequestID(UUID()),
            data: accepted)
        let context = StageContext(
            attempt: 1, maxAttempts: 3, now: accepted.request.acceptedAt, logger: Logger(label: "test"))
        let outputs = try await handler.handle(event, context: context)
        #expect(outputs.count == 1)
        return try #require(outputs.first as? RequestGeocoded)
    }

    @Test func carriesOverWhatLaterStagesNeed() async throws {
        let event = try await handle(accepted)
        #expect(event.request == accepted.request)
        let geocoded = event.geocoding
        #expect(geocoded.regionCode == "TXGULF")
        #expect(geocoded.state == "TX")
        #expect(geocoded.zip == "77002")
        #expect(geocoded.countyFIPS == "48201")
        #expect(geocoded.county == "Harris County")
        #expect(geocoded.location?.precision == .zip)
        #expect(geocoded.location?.uncertaintyKilometres == 3)
        #expect(geocoded.reason == nil)
        #expect(geocoded.conflict == nil)
    }

    @Test func noMatchIsAnAnswerWithAReason() async throws {
        var unknown = accepted
        unknown.address = PostalAddress(street: "1 Main St", city: "Nowhere", state: "tx", zip: "99999")
        let geocoded = try await handle(unknown).geocoding
        #expect(geocoded.location == nil)
        #expect(geocoded.reason == .noMatch)
        #expect(geocoded.state == "TX")
        #expect(geocoded.countyFIPS == nil)
        #expect(geocoded.county == nil)
    }

    @Test(arguments: ["", "abc", "7700", "1234567890123"])
    func aMalformedZIPIsCutAndTheCityHolds(zip: String) async throws {
        var odd = accepted
        odd.address.zip = zip
        let geocoded = try await handle(odd).geocoding
        #expect(geocoded.zip == String(zip.prefix(5)))
        #expect(geocoded.location?.precision == .city)
    }

    @Test func theStreetGoesNoFurther() async throws {
        let body = try await FieldCoder.write(handle(accepted))
        #expect(!String(decoding: body, as: UTF8.self).contains("Bagby"))
    }

    @Test func sayingItTwiceSaysTheSame() async throws {
        #expect(try await handle(accepted) == handle(accepted))
    }
}
