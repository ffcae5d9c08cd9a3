import Contracts
import Places

/// Whether what a geocoder has found can be right. It knows the street, and may have taken that of another town: the
/// gazetteer knows where the ZIP is.
struct PlausibilityCheck: Sendable, Equatable {
    /// How much farther than the ZIP is wide an answer may lie from its centroid, kilometres.
    var margin = 10.0

    enum Verdict: Sendable, Equatable {
        case plausible
        case disputed(DisputedAnswer.Reason, distanceKilometres: Double?)
    }

    /// - Parameters:
    ///   - place: what the gazetteer says of the same address.
    ///   - state: USPS code that the partner named; it counts where the ZIP is not known.
    func verdict(on match: StreetMatch, place: PlaceFinding, state: String) -> Verdict {
        let point = match.location
        guard point.isPoint else { return .disputed(.noPoint, distanceKilometres: nil) }
        let zip = place.location?.precision == .zip ? place.location : nil
        let distance = zip.map { (place.zipCentre ?? Coordinate($0)).kilometres(to: Coordinate(point)) }
        // A ZIP that is known has its county. An answer that names no state is judged by its distance alone.
        let wanted = place.states.isEmpty ? [state] : place.states
        if let named = match.state, !wanted.contains(named) {
            return .disputed(.otherState, distanceKilometres: distance.map(Self.rounded))
        }
        if let distance, let radius = zip?.uncertaintyKilometres, distance > radius + margin {
            return .disputed(.tooFar, distanceKilometres: Self.rounded(distance))
        }
        return .plausible
    }

    /// To 100 m.
    private static func rounded(_ kilometres: Double) -> Double { (kilometres * 10).rounded() / 10 }
}

extension GeocodedLocation {
    /// On the earth, and not where the equator meets the prime meridian: that is what programs say for "nowhere".
    fileprivate var isPoint: Bool {
        (-90...90).contains(latitude) && (-180...180).contains(longitude) && (latitude != 0 || longitude != 0)
    }
}

extension Coordinate {
    fileprivate init(_ location: GeocodedLocation) {
        self.init(latitude: location.latitude, longitude: location.longitude)
    }
}
