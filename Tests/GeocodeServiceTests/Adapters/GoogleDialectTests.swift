import Contracts
import Testing

@testable import GeocodeService

@Suite struct GoogleDialectTests {
    private func match(_ body: String) throws -> StreetMatch? { try Asking.read(.google, body).match }

    @Test func asksWithinTheCountry() throws {
        let question = try Asking.dialect(.google).question(Asking.address)
        #expect(question.path == "/maps/api/geocode/json")
        #expect(
            question.query.map { "\($0.name)=\($0.value)" } == [
                "address=901 Bagby St, Houston, TX 77002", "components=country:US", "language=en", "key=\(Asking.key)",
            ])
        let island = try Asking.dialect(.google).question(
            PostalAddress(street: "1 Calle", city: "San Juan", state: "PR", zip: "00901"))
        #expect(island.query[1].value == "country:PR")
    }

    @Test(
        arguments: [
            ("ROOFTOP", #""street_address""#, "901", .rooftop), ("ROOFTOP", #""premise""#, "903", .street),
            ("ROOFTOP", #""establishment","point_of_interest""#, nil, .street),
            ("RANGE_INTERPOLATED", #""street_address""#, "901", .interpolated),
            ("GEOMETRIC_CENTER", #""route""#, nil, .street), ("GEOMETRIC_CENTER", #""intersection""#, nil, .street),
            ("GEOMETRIC_CENTER", #""premise""#, "901", .rooftop), ("GEOMETRIC_CENTER", #""locality""#, nil, nil),
            ("APPROXIMATE", #""route""#, nil, .street), ("APPROXIMATE", #""locality","political""#, nil, nil),
            ("APPROXIMATE", #""postal_code""#, nil, nil), ("APPROXIMATE", #""street_address""#, "901", nil),
        ] as [(String, String, String?, GeocodedLocation.Precision?)])
    func saysHowPreciseItIs(
        location: String, types: String, number: String?, precision: GeocodedLocation.Precision?
    ) throws {
        let body = Bodies.google(location: location, types: types, number: number)
        #expect(try match(body)?.location.precision == precision)
    }

    @Test func isLessSureOfAPartAndOfOneOfSeveral() throws {
        #expect(try match(Bodies.google())?.location.confidence == 1)
        #expect(try match(Bodies.google(location: "RANGE_INTERPOLATED"))?.location.confidence == 0.9)
        #expect(try match(Bodies.google(more: #""partial_match":true,"#))?.location.confidence == 0.5)
        let second = """
            ,{"types":[],"address_components":[],"geometry":{"location":{"lat":1,"lng":1},"location_type":"ROOFTOP"}}
            """
        #expect(
            try match(Bodies.google(more: #""partial_match":true,"#, next: second))?.location.confidence == 0.25)
    }

    @Test func namesTheStateAndTerritoriesToo() throws {
        #expect(try match(Bodies.google())?.state == "TX")
        #expect(try match(Bodies.google(country: "PR", state: "San Juan"))?.state == "PR")
        #expect(try Asking.read(.google, Bodies.google(country: "CA")) == .noMatch)
        #expect(try match(Bodies.google())?.location.attribution == "Google")
    }

    @Test(
        arguments: [
            ("OVER_QUERY_LIMIT", "over-query-limit", .away(retryAfter: nil)),
            ("UNKNOWN_ERROR", "unknown-error", .away(retryAfter: nil)),
            ("OVER_DAILY_LIMIT", "over-daily-limit", .refused), ("REQUEST_DENIED", "request-denied", .refused),
            ("TEA_TIME", "unknown-status", .unreadable), ("ok", "unknown-status", .unreadable),
        ] as [(String, String, GeocoderFailure.Kind)])
    func itsOwnStatusCounts(status: String, code: String, kind: GeocoderFailure.Kind) throws {
        for http in [200, 403] {
            let failure = #expect(throws: GeocoderFailure.self) {
                try Asking.read(
                    .google, #"{"status":"\#(status)","error_message":"no: \#(Asking.key)","results":[]}"#, status: http
                )
            }
            #expect(failure?.code == code && failure?.kind == kind)
            #expect(failure?.description.contains(Asking.key) == false)
        }
    }

    @Test(arguments: [200, 400]) func anInvalidQuestionIsNoMatchForThatAddress(status: Int) throws {
        #expect(
            try Asking.read(.google, #"{"status":"INVALID_REQUEST","results":[]}"#, status: status) == .noMatch)
    }

    @Test func withoutItsStatusHTTPsCounts() throws {
        let failure = #expect(throws: GeocoderFailure.self) { try Asking.read(.google, "<html>", status: 502) }
        #expect(failure?.code == "http-502")
    }

    @Test func aPointThatIsNowhereIsNoAnswer() throws {
        let failure = #expect(throws: GeocoderFailure.self) { try match(Bodies.google(lat: "229.7")) }
        #expect(failure?.code == "bad-coordinates")
    }
}
