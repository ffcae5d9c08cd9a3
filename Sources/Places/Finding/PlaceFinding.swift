package import Contracts

/// What the gazetteer says of an address.
package struct PlaceFinding: Sendable, Equatable {
    /// `nil` when nothing is known that would not be a guess.
    package var location: GeocodedLocation?
    /// The county, only where it is certain: of a known ZIP.
    package var county: County?
    /// Set when ZIP, city and state cannot all be right.
    package var conflict: PlaceConflict?
}
