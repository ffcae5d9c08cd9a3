import AddressTable
import Contracts
import Metrics
import Places

/// Asks geocoders one after the other until one has a plausible answer.
struct StreetSearch: Sendable {
    /// What came of it.
    struct Outcome: Sendable, Equatable {
        /// The first plausible one that is finer than what the gazetteer has.
        var match: StreetMatch?
        var disputes: [DisputedAnswer] = []
        /// Who has not answered, and why; in the order in which they were asked.
        var silent: [Silence] = []
    }

    /// A geocoder that has not answered.
    struct Silence: Sendable, Equatable {
        var geocoder: String
        var failure: GeocoderFailure
    }

    let geocoders: [any StreetGeocoder]
    var plausibility = PlausibilityCheck()

    /// - Parameters:
    ///   - place: what the gazetteer says of the same address.
    ///   - state: USPS code that the partner named.
    func find(_ address: PostalAddress, place: PlaceFinding, state: String) async -> Outcome {
        var outcome = Outcome()
        guard StreetLine(address) != nil else { return outcome }
        for geocoder in geocoders {
            let finding: StreetFinding
            do throws(GeocoderFailure) {
                finding = try await geocoder.find(address)
            } catch {
                outcome.silent.append(Silence(geocoder: geocoder.name, failure: error))
                continue
            }
            guard case .found(let match) = finding else { continue }
            switch plausibility.verdict(on: match, place: place, state: state) {
            case .disputed(let reason, let distance):
                outcome.disputes.append(
                    DisputedAnswer(source: geocoder.name, reason: reason, distanceKilometres: distance))
                Counter(
                    label: "intake_geocode_disputes_total",
                    dimensions: [("geocoder", geocoder.name), ("reason", reason.rawValue)]
                ).increment()
            case .plausible:
                // The gazetteer does the middle of a city as well as anybody.
                guard match.location.precision.isFiner(than: place.location?.precision) else { continue }
                outcome.match = match
                return outcome
            }
        }
        return outcome
    }
}

extension GeocodedLocation.Precision {
    /// Coarsest last; one that is not known here is taken for the coarsest.
    private static let order: [Self] = [.rooftop, .interpolated, .street, .zip, .city, .zip3]

    private var rank: Int { Self.order.firstIndex(of: self) ?? Self.order.count }

    /// - Parameter other: `nil` for no location at all.
    func isFiner(than other: Self?) -> Bool { other.map { rank < $0.rank } ?? true }
}
