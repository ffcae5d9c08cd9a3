package import Contracts

/// What the gazetteer says of an address.
package struct PlaceFinding: Sendable, Equatable {
    /// `nil` when nothing is known that would not be a guess.
    package var location: GeocodedLocation?
    /// The centre of a known ZIP, from which its radius is reckoned: the location may lie nearer to the city.
    package var zipCentre: Coordinate?
    /// The county, of a known ZIP: the likeliest, where `counties` holds others.
    package var county: County?
    /// The counties that the place may lie in, the likeliest first, where the ZIP lies in several and the city does not
    /// settle which, or where it may reach into the state that was named; and in Connecticut always, as it is divided
    /// twice.
    package var counties: [CountyShare] = []
    /// Set when ZIP, city and state cannot all be right.
    package var conflict: PlaceConflict?

    /// USPS codes of the states that a known ZIP may lie in; empty where no county is known.
    package var states: Set<String> {
        Set([county?.state].compactMap(\.self) + counties.compactMap(\.state))
    }
}
