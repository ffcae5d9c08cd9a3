import Foundation

@testable import Operator

/// Past requests with every default overridable.
enum PlaceFixture {
    static func id(_ number: Int) -> UUID {
        let digits = String(number)
        let text = "019a8f10-7c3b-7d52-8e11-" + String(repeating: "0", count: 12 - digits.count) + digits
        return UUID(uuidString: text) ?? UUID()
    }

    static func place(
        _ number: Int = 1, organization: String = "relief", county: String? = "Harris County", fips: String? = "48201",
        state: String = "TX", geocoded: Bool = true,
        decision: PlacePage.Decision? = decision(true, "state_covered", "state:TX")
    ) -> PlacePage.Place {
        PlacePage.Place(
            id: AdminID(id(number)), organization: organization, state: state, zip: "77002", countyFips: fips,
            county: county, location: .init(latitude: 29.76, longitude: -95.36, precision: "zip"), geocoded: geocoded,
            decision: decision)
    }

    static func decision(_ acceptance: Bool, _ reason: String, _ rule: String? = nil) -> PlacePage.Decision {
        PlacePage.Decision(acceptance: acceptance, reason: reason, rule: rule)
    }

    static let yes = PlaceOutcome(outcome: "covered", reason: "state_covered", rule: "state:TX")
    static let no = PlaceOutcome(outcome: "not_covered", reason: "not_covered", rule: nil)
    static let review = PlaceOutcome(outcome: "review", reason: "place_conflict", rule: nil)
    static let unknown = PlaceOutcome(outcome: "unknown", reason: "location_unknown", rule: nil)
}
