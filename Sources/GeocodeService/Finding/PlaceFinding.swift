import Contracts

/// What the gazetteer says of an address.
struct PlaceFinding: Sendable, Equatable {
    /// `nil` when nothing is known that would not be a guess.
    var location: GeocodedLocation?
    /// The county, only where it is certain: of a known ZIP.
    var county: County?
    /// Set when ZIP, city and state cannot all be right.
    var conflict: PlaceConflict?
}
