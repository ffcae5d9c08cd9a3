import Contracts
import Testing

@testable import GeocodeService

@Suite struct PeliasDialectTests {
    private func match(_ body: String) throws -> StreetMatch? { try Asking.read(.pelias, body).match }

    @Test func asksByPartsAndWithAKeyWhereThereIsOne() throws {
        let question = try Asking.dialect(.pelias).question(Asking.address)
        #expect(question.path == "/v1/search/structured")
        #expect(
            question.query.map { "\($0.name)=\($0.value)" } == [
                "address=901 Bagby St", "locality=Houston", "region=TX", "postalcode=77002", "country=USA", "size=1",
                "api_key=\(Asking.key)",
            ])
        let without = PeliasDialect(source: "p", key: nil).question(
            PostalAddress(street: "1 Calle", city: "San Juan", state: "PR", zip: "00901"))
        #expect(without.query.map(\.name) == ["address", "locality", "region", "postalcode", "country", "size"])
        #expect(without.query.contains { $0.name == "country" && $0.value == "PRI" })
    }

    @Test(
        arguments: [
            ("address", "901", "exact", "point", .rooftop),
            ("address", "901", "interpolated", "centroid", .interpolated),
            ("address", "901", "exact", "interpolated", .interpolated),
            ("address", "903", "fallback", "point", .street),
            ("venue", "901", "exact", "point", .rooftop), ("venue", nil, "exact", "point", .street),
            ("street", nil, "fallback", "centroid", .street), ("intersection", nil, "exact", "point", .street),
            ("locality", nil, "fallback", "centroid", nil), ("postalcode", nil, "fallback", "centroid", nil),
            ("county", nil, "fallback", "centroid", nil), ("neighbourhood", nil, "fallback", "centroid", nil),
        ] as [(String, String?, String, String, GeocodedLocation.Precision?)])
    func saysHowPreciseItIs(
        layer: String, number: String?, match: String, accuracy: String, precision: GeocodedLocation.Precision?
    ) throws {
        let body = Bodies.pelias(layer: layer, number: number, match: match, accuracy: accuracy)
        #expect(try self.match(body)?.location.precision == precision)
    }

    @Test func isAsSureAsTheServiceIs() throws {
        #expect(try match(Bodies.pelias())?.location.confidence == 0.83)
        #expect(
            try match(Bodies.pelias().replacing("0.83", with: "7"))?.location.confidence == 1)
        let without = Bodies.pelias().replacing(#""confidence":0.83,"#, with: "")
        #expect(try match(without)?.location.confidence == nil)
    }

    @Test func namesTheStateAndTerritoriesToo() throws {
        #expect(try match(Bodies.pelias())?.state == "TX")
        #expect(try match(Bodies.pelias(region: "x"))?.state == "TX")
        let island = Bodies.pelias(region: "SJ", country: "PRI").replacing("Texas", with: "San Juan")
        #expect(try match(island)?.state == "PR")
        #expect(try Asking.read(.pelias, Bodies.pelias(country: "CAN")) == .noMatch)
    }

    @Test(arguments: [("-95.3", "wrong-shape"), ("0,0", "bad-coordinates"), ("29.7,-95.3", "bad-coordinates")])
    func aPointThatIsNowhereIsNoAnswer(coordinates: String, code: String) throws {
        let failure = #expect(throws: GeocoderFailure.self) { try match(Bodies.pelias(coordinates: coordinates)) }
        #expect(failure?.code == code)
    }

    @Test func whatItCannotReadIsNoMatchAndAWrongKeyIsTheOperators() throws {
        let refusal = #"{"geocoding":{"version":"0.2","errors":["at least one of the following fields is required"]}}"#
        #expect(try Asking.read(.pelias, refusal, status: 400) == .noMatch)
        for status in [401, 403] {
            let failure = #expect(throws: GeocoderFailure.self) {
                try Asking.read(.pelias, #"{"meta":{"status_code":401}}"#, status: status)
            }
            #expect(failure?.kind == .refused && failure?.code == "http-\(status)")
        }
    }
}
