package import Contracts

/// What the table says of an address.
package struct AddressMatch: Sendable, Equatable {
    /// Degrees, WGS 84.
    package var latitude: Double
    package var longitude: Double
    /// `rooftop` for a house that is in the table, `interpolated` for one between two that are, or next to one,
    /// `street` for the middle of a short street.
    package var precision: GeocodedLocation.Precision
    /// 1 for a house that is in the table under this very name: the operator's own word. 0.9 for the same number with
    /// another letter; 0.8 between two neighbours, 0.6 beside one; 0.5 for a street. A tenth less of it each when the
    /// street was written in part (`Main` for `Main St`), and when it was found by its city and not in its ZIP.
    package var confidence: Double
    package var uncertaintyKilometres: Double
    /// USPS code; `nil` when the source did not say.
    package var state: String?
    /// The address that was found. Personal data.
    package var text: String
}
