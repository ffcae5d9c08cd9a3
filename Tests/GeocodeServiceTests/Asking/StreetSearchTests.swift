import Contracts
import Places
import Testing

@testable import GeocodeService

@Suite struct StreetSearchTests {
    private let place: PlaceFinding

    init() throws {
        place = PlaceFinder(gazetteer: try GazetteerFile.read(nil)).find(
            zip: ZIPCode("77002"), city: "Houston", state: "TX")
    }

    private func search(
        _ geocoders: ScriptedGeocoder..., address: PostalAddress = .cityHall
    ) async -> StreetSearch.Outcome {
        await StreetSearch(geocoders: geocoders).find(address, place: place, state: address.state)
    }

    @Test func theFirstThatIsBelievedWinsAndTheOthersAreNotAsked() async {
        let second = ScriptedGeocoder("second", finds: .house(source: "second"))
        let outcome = await search(
            ScriptedGeocoder("first") { _ in .noMatch }, second, ScriptedGeocoder("third", finds: .house()))
        #expect(outcome.match?.location.source == "second")
        #expect(outcome.disputes.isEmpty && outcome.silent.isEmpty)
        let third = ScriptedGeocoder("third", finds: .house())
        _ = await search(second, third)
        #expect(third.asked.isEmpty)
    }

    @Test func whatIsNotBelievedIsRecordedAndTheNextOneAsked() async {
        let liar = ScriptedGeocoder("liar", finds: .house(latitude: 31.76, longitude: -106.49))
        let stranger = ScriptedGeocoder("stranger", finds: .house(latitude: 40.71, longitude: -74, state: "NY"))
        let outcome = await search(liar, stranger, ScriptedGeocoder("honest", finds: .house()))
        #expect(outcome.match != nil)
        #expect(outcome.disputes.map(\.source) == ["liar", "stranger"])
        #expect(outcome.disputes.map(\.reason) == [.tooFar, .otherState])
        #expect(outcome.disputes.allSatisfy { $0.distanceKilometres.map { $0 > 1000 } == true })
    }

    @Test func whoHasNotAnsweredIsPassedOver() async {
        let outcome = await search(
            ScriptedGeocoder("a", fails: .away()), ScriptedGeocoder("b", fails: .refused),
            ScriptedGeocoder("c", fails: .unreadable), ScriptedGeocoder("d", finds: .house()))
        #expect(outcome.match != nil)
        #expect(outcome.silent.map(\.geocoder) == ["a", "b", "c"])
    }

    @Test func whatIsNoFinerThanTheGazetteerIsNoAnswer() async {
        for precision in [GeocodedLocation.Precision.zip, .city, .zip3, .init(rawValue: "region")] {
            let outcome = await search(ScriptedGeocoder(finds: .house(precision: precision)))
            #expect(outcome == StreetSearch.Outcome())
        }
    }

    @Test(arguments: [
        "", "  ", "PO Box 12", "P.O. Box 12", "p o box 12", "Post Office Box 12", "-",
        "RR 2 Box 15", "Route 2, Box 15", "HC 1 Box 3", "HCR 68", "General Delivery", "PSC 3 Box 1234",
        "Unit 2050 Box 4190",
        "PO Drawer L", "Box 9", "N/A", "Apt 4",
    ])
    func whatIsNoStreetIsAskedOfNobody(street: String) async {
        var address = PostalAddress.cityHall
        address.street = street
        let geocoder = ScriptedGeocoder(finds: .house())
        #expect(await search(geocoder, address: address) == StreetSearch.Outcome())
        #expect(geocoder.asked.isEmpty)
    }
}
