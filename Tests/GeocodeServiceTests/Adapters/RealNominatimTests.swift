import Contracts
import Foundation
import Testing

@testable import GeocodeService

/// A Nominatim over the made-up map of deploy/geocoders: the tests run where `INTAKE_NOMINATIM_URL` says where it
/// answers.
enum RealNominatim {
    static let url = ProcessInfo.processInfo.environment["INTAKE_NOMINATIM_URL"]
}

@Suite(.enabled(if: RealNominatim.url != nil)) struct RealNominatimTests {
    @Test(
        arguments: [
            ("901 Bagby St", .rooftop), ("901 Bagby St Apt 4", .rooftop), ("901 Bagby St #4", .rooftop),
            ("901 Bagby Street, 16th Floor", .rooftop), ("Suite 5, 901 Bagby St, Houston, TX 77002", .rooftop),
            ("907 Bagby St", .rooftop), ("909 Bagby St", .rooftop), ("911 Bagby St", .rooftop),
            ("913 Bagby St", .street), ("921 Bagby St", .street), ("921A Bagby St", .rooftop),
            ("905 Bagby St", .street),
            ("1011 Bagby St", .interpolated), ("Bagby St", .street), ("123 Elm St", .rooftop),
            ("123 1/2 Elm St", .rooftop), ("123½ Elm St", .rooftop), ("30-56 Elm St", .rooftop), ("56 Elm St", .street),
            ("30 Elm St", .street), ("4922 B South Cornell Ave", .rooftop), ("1413 State Highway #50", .rooftop),
            ("901 Nowhere St", nil), ("PO Box 12", nil), ("RR 2 Box 15", nil),
        ] as [(String, GeocodedLocation.Precision?)])
    func aHouseIsThatOneOrNone(street: String, precision: GeocodedLocation.Precision?) async throws {
        let address = PostalAddress(street: street, city: "Houston", state: "TX", zip: "77002")
        let finding = try await ask(address)
        #expect(finding.failure == nil)
        #expect(finding.match?.location.precision == precision)
        #expect(finding.match.map { $0.state == "TX" } != false)
    }

    @Test(arguments: ["N57W27841 Walnut St", "N57 W27841 Walnut St", "n57w27841 walnut st unit 2"])
    func gridNumbersAreComparedByValue(street: String) async throws {
        let address = PostalAddress(street: street, city: "Sussex", state: "WI", zip: "53089")
        #expect(try await ask(address).match?.location.precision == .rooftop)
    }

    private func ask(_ address: PostalAddress) async throws -> Result<StreetFinding, GeocoderFailure> {
        try await Asking.ask(Asking.entry(.nominatim, url: #require(RealNominatim.url)), address)
    }
}
