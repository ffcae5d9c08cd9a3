import Contracts

/// One who may know streets: a service of somebody else's, or a table of one's own. The gazetteer is none: it has an
/// answer for everything, and is asked last.
protocol StreetGeocoder: Sendable {
    /// Its name in the configuration, in events, logs and metrics.
    var name: String { get }

    /// Looks for an address, once.
    func find(_ address: PostalAddress) async throws(GeocoderFailure) -> StreetFinding
}

extension StreetGeocoder {
    func outcome(of address: PostalAddress) async -> Result<StreetFinding, GeocoderFailure> {
        do throws(GeocoderFailure) { return .success(try await find(address)) } catch { return .failure(error) }
    }
}

/// What a geocoder answers. That it has no such address is an answer, not a failure.
enum StreetFinding: Sendable, Equatable, Codable {
    case found(StreetMatch)
    case noMatch
}

/// What a geocoder found, before anybody has asked whether it can be right.
struct StreetMatch: Sendable, Equatable, Codable {
    /// With precision, confidence, source and attribution.
    var location: GeocodedLocation
    /// USPS code of the state that the answer names; `nil` when it names none.
    var state: String?
    /// Five-digit FIPS code of the county, where the answer has it.
    var countyFIPS: String?
    /// The address that was found, as the answer has it. Personal data: it stays in this service.
    var matchedText: String?
}
