import AdminAPI
import Contracts
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
        state: String = "TX"
    ) -> RequestPlace {
        RequestPlace(
            id: RequestID(id(number)), organization: organization, provider: "p", acceptedAt: DeadFixture.diedAt,
            state: state, zip: "77002", regionCode: nil,
            geocoding: Geocoding(
                state: state, zip: "77002", countyFIPS: fips, county: county,
                location: GeocodedLocation(
                    latitude: 29.76, longitude: -95.36, precision: .zip, source: "gazetteer")),
            decision: .init(
                Decision(acceptance: true, reason: .stateCovered, rule: "state:TX", coverageVersion: "v1"),
                at: DeadFixture.diedAt))
    }

    static let yes = Verdict(outcome: .covered, reason: "state_covered", rule: "state:TX")
    static let no = Verdict(outcome: .notCovered, reason: "not_covered")
    static let review = Verdict(outcome: .review, reason: "place_conflict")
    static let unknown = Verdict(outcome: .unknown, reason: "location_unknown")
}
