import Contracts
import Testing

@testable import GeocodeService

@Suite struct CensusDialectTests {
    private func match(_ body: String) throws -> StreetMatch {
        try #require(try Asking.read(.census, body).match)
    }

    @Test func asksForTheCountyUnlessToldNotTo() throws {
        let dialect = CensusDialect(source: "c", benchmark: "Public_AR_Current", vintage: "Current_Current")
        let question = dialect.question(Asking.address)
        #expect(question.path == "/geocoder/geographies/address")
        #expect(
            question.query.map { "\($0.name)=\($0.value)" } == [
                "street=901 Bagby St", "city=Houston", "state=TX", "zip=77002", "benchmark=Public_AR_Current",
                "vintage=Current_Current", "format=json",
            ])
        let without = CensusDialect(source: "c", benchmark: "4", vintage: nil).question(Asking.address)
        #expect(without.path == "/geocoder/locations/address")
        #expect(!without.query.contains { $0.name == "vintage" })
    }

    @Test func anotherZIPAndSeveralPlacesMakeItLessSure() throws {
        #expect(try match(Bodies.census()).location.confidence == 0.9)
        #expect(try match(Bodies.census(zip: "77003")).location.confidence == 0.7)
        let other = #"{"coordinates":{"x":-90.5,"y":30.5},"addressComponents":{"zip":"70001","state":"LA"}},"#
        let chosen = try match(Bodies.census(second: other))
        #expect(chosen.state == "TX" && chosen.location.latitude == 29.7601)
        #expect(chosen.location.confidence == 0.45)
    }

    @Test(arguments: ["", "4820", "482010", "TX201"]) func aCountyThatIsNoneIsLeftOut(county: String) throws {
        #expect(try match(Bodies.census(county: county)).countyFIPS == nil)
    }

    @Test(arguments: [("0", "0"), ("-181", "29"), ("-95", "91"), ("-95", "-90.1"), ("1e300", "29")])
    func aPointThatIsNowhereIsNoAnswer(x: String, y: String) throws {
        let failure = #expect(throws: GeocoderFailure.self) {
            try Asking.read(.census, Bodies.census(x: x, y: y))
        }
        #expect(failure?.code == "bad-coordinates" && failure?.kind == .unreadable)
    }

    @Test func whatItCannotReadIsNoMatchAndAnUnknownEditionIsTheOperators() throws {
        let unreadable = #"{"errors":["Street address cannot exceed 100 characters"],"status":"400"}"#
        #expect(try Asking.read(.census, unreadable, status: 400) == .noMatch)
        let failure = #expect(throws: GeocoderFailure.self) {
            try Asking.read(.census, #"{"errors":["Invalid benchmark in request"],"status":"400"}"#, status: 400)
        }
        #expect(failure?.code == "unknown-edition" && failure?.kind == .refused)
        #expect(throws: GeocoderFailure.self) { try Asking.read(.census, "<html>", status: 400) }
    }
}
