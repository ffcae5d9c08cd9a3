import Contracts
import Testing

@testable import GeocodeService
@testable import Places

@Suite struct PlausibilityCheckTests {
    /// ZIP 77002: 3 km wide, in Texas.
    private let known = PlaceFinding(
        location: GeocodedLocation(
            latitude: 29.7566, longitude: -95.3655, precision: .zip, source: "gazetteer", uncertaintyKilometres: 3),
        county: County(fips: "48201", name: "Harris County", state: "TX"))
    /// Nothing but the city.
    private let unknown = PlaceFinding(
        location: GeocodedLocation(latitude: 29.7858, longitude: -95.3885, precision: .city, source: "gazetteer"))

    private func verdict(_ match: StreetMatch, _ place: PlaceFinding, state: String = "TX") -> PlausibilityCheck.Verdict
    {
        PlausibilityCheck().verdict(on: match, place: place, state: state)
    }

    @Test func whatLiesInTheZIPIsBelieved() {
        #expect(verdict(.house(), known) == .plausible)
        #expect(verdict(.house(state: nil), known) == .plausible)
    }

    @Test func theStateOfTheZIPCountsAndNotTheOneThatWasNamed() {
        #expect(verdict(.house(), known, state: "LA") == .plausible)
        let elsewhere = StreetMatch.house(state: "LA")
        #expect(verdict(elsewhere, known, state: "LA") == .disputed(.otherState, distanceKilometres: 0.6))
    }

    @Test func withoutAKnownZIPTheNamedStateCounts() {
        #expect(verdict(.house(), unknown) == .plausible)
        #expect(verdict(.house(), unknown, state: "LA") == .disputed(.otherState, distanceKilometres: nil))
        // In Texas, and far away: nothing says which of two towns of the name is meant.
        #expect(verdict(.house(latitude: 31.76, longitude: -106.49), unknown) == .plausible)
        #expect(verdict(.house(), PlaceFinding(), state: "TX") == .plausible)
    }

    /// A degree of latitude is 111.195 km: the ZIP's 3 km and the margin's 10 end at 0.1169 degrees.
    @Test func theLimitIsTheZIPsRadiusAndTheMargin() {
        #expect(verdict(.house(latitude: 29.7566 + 0.1168, longitude: -95.3655), known) == .plausible)
        #expect(
            verdict(.house(latitude: 29.7566 + 0.1171, longitude: -95.3655), known)
                == .disputed(.tooFar, distanceKilometres: 13))
    }

    @Test(arguments: [(0, 0), (91, 10), (10, -181), (.nan, 1), (.infinity, 1)] as [(Double, Double)])
    func whatIsNoPointIsNotBelieved(latitude: Double, longitude: Double) {
        let nowhere = StreetMatch.house(latitude: latitude, longitude: longitude)
        #expect(verdict(nowhere, known) == .disputed(.noPoint, distanceKilometres: nil))
        #expect(verdict(nowhere, unknown) == .disputed(.noPoint, distanceKilometres: nil))
    }
}
