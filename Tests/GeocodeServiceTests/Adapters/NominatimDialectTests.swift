import Contracts
import Testing

@testable import GeocodeService

@Suite struct NominatimDialectTests {
    private func location(_ body: String, for address: PostalAddress = Asking.address) throws -> GeocodedLocation? {
        try Asking.read(.nominatim, body, for: address).match?.location
    }

    @Test func asksByParts() throws {
        let question = try Asking.dialect(.nominatim).question(Asking.address)
        #expect(question.path == "/search")
        #expect(
            question.query.map { "\($0.name)=\($0.value)" } == [
                "street=901 Bagby St", "city=Houston", "state=TX", "postalcode=77002", "countrycodes=us",
                "format=jsonv2", "addressdetails=1", "limit=1",
            ])
    }

    @Test(
        arguments: [
            ("building", "yes", "way", "30", "901", .rooftop), ("place", "house", "node", "30", "901", .rooftop),
            ("place", "house", "way", "30", "901", .interpolated), ("amenity", "cafe", "node", "30", "901", .rooftop),
            ("building", "yes", "way", "30", "899;901", .rooftop),
            ("building", "yes", "way", "30", "901-905", .rooftop),
            ("building", "yes", "way", "30", "903", .street), ("amenity", "cafe", "node", "30", nil, .street),
            ("place", "house", "way", "30", "903", .street), ("highway", "residential", "way", "26", nil, .street),
            ("highway", "service", "way", "27", nil, .street), ("place", "city", "relation", "16", nil, nil),
            ("place", "postcode", "node", "30", nil, nil), ("boundary", "administrative", "relation", "12", nil, nil),
            ("boundary", "postal_code", "relation", "25", nil, nil), ("place", "suburb", "node", "19", nil, nil),
        ] as [(String, String, String, String, String?, GeocodedLocation.Precision?)])
    func saysHowPreciseItIs(
        category: String, type: String, osm: String, rank: String, number: String?,
        precision: GeocodedLocation.Precision?
    ) throws {
        let body = Bodies.nominatim(category: category, type: type, osm: osm, rank: rank, number: number)
        #expect(try location(body)?.precision == precision)
    }

    /// What a real one answers to questions about numbers of all kinds, which it compares loosely: `921` with `921A`,
    /// `56` with `30-56`, and `123½` with `123`.
    @Test(
        arguments: [
            ("907 Bagby St", "907;909", .rooftop), ("911 Bagby St", "911-915", .rooftop),
            ("913 Bagby St", "911-915", .rooftop), ("921 Bagby St", "921A", .street), ("56 Elm St", "30-56", .street),
            ("30 Elm St", "30-56", .street), ("30-56 Elm St", "30-56", .rooftop), ("123½ Elm St", "123", .street),
            ("123½ Elm St", "123 1/2", .rooftop), ("4922 S Cornell Ave", "4922 B", .street),
            ("4922B South Cornell Ave", "4922 B", .rooftop), ("N57 W27841 Walnut St", "N57W27841", .rooftop),
        ] as [(String, String, GeocodedLocation.Precision)])
    func aNumberThatItTakesForAnotherIsTheStreet(
        street: String, number: String, precision: GeocodedLocation.Precision
    ) throws {
        var address = Asking.address
        address.street = street
        #expect(try location(Bodies.nominatim(number: number), for: address)?.precision == precision)
    }

    @Test func isAsSureAsTheAnswerRepeatsTheQuestion() throws {
        #expect(try location(Bodies.nominatim())?.confidence == 1)
        #expect(try location(Bodies.nominatim(number: nil))?.confidence == 0.7)
        var address = Asking.address
        address.zip = "77003"
        #expect(try location(Bodies.nominatim(), for: address)?.confidence == 0.8)
        address.state = "LA"
        #expect(try location(Bodies.nominatim(), for: address)?.confidence == 0.7)
        address.street = "Bagby St"
        #expect(try location(Bodies.nominatim(), for: address)?.confidence == 0.4)
    }

    @Test(
        arguments: [
            (#""ISO3166-2-lvl4":"US-NY","#, "us", "NY"), (#""state":"New York","#, "us", "NY"),
            (#""state":"Puerto Rico","ISO3166-2-lvl4":"US-PR","#, "us", "PR"), ("", "pr", "PR"), ("", "us", nil),
            (#""state":"Nowhere","#, "us", nil),
        ] as [(String, String, String?)])
    func namesTheState(address: String, country: String, state: String?) throws {
        let body = Bodies.nominatim(address: address, country: country)
        #expect(try Asking.read(.nominatim, body).match?.state == state)
    }

    @Test func foreignPartsAreNoMatch() throws {
        #expect(try Asking.read(.nominatim, Bodies.nominatim(country: "ca")) == .noMatch)
    }

    @Test func showsTheLicenceOrItsOwnCredit() throws {
        #expect(
            try location(Bodies.nominatim())?.attribution == "Data © OpenStreetMap contributors, ODbL 1.0.")
        let without = Bodies.nominatim(licence: "?").replacing(#""licence":"?","#, with: "")
        #expect(try location(without)?.attribution == "© OpenStreetMap contributors, ODbL 1.0")
        let long = Bodies.nominatim(licence: String(repeating: "x", count: 5000))
        #expect(try location(long)?.attribution?.count == 200)
    }

    @Test(arguments: ["\"nan\"", "\"\"", "\"north\"", "\"inf\"", "\"91\""])
    func aLatitudeThatIsNoneIsNoAnswer(lat: String) throws {
        let failure = #expect(throws: GeocoderFailure.self) { try location(Bodies.nominatim(lat: lat)) }
        #expect(failure?.code == "bad-coordinates")
    }

    @Test func numbersAreReadTooWhereTextsAreUsual() throws {
        #expect(try location(Bodies.nominatim(lat: "29.5"))?.latitude == 29.5)
    }

    @Test(
        arguments: [
            (429, "{}"), (403, "<html>Forbidden</html>"), (200, "<html><title>Bandwidth limit exceeded</title>"),
            (509, "<html>Access BLOCKED, see the usage policy"),
        ])
    func whoIsShutOutWaits(status: Int, body: String) throws {
        let failure = #expect(throws: GeocoderFailure.self) {
            try Asking.read(.nominatim, body, status: status, retryAfter: .seconds(60))
        }
        #expect(failure?.code == "over-limit" && failure?.kind == .away(retryAfter: .seconds(60)))
    }

    @Test func whatItCannotReadIsNoMatch() throws {
        let refusal = #"{"error":{"code":400,"message":"Nothing to search for."}}"#
        #expect(try Asking.read(.nominatim, refusal, status: 400) == .noMatch)
    }
}
