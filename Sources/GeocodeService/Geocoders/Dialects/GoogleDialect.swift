import Contracts
import ServiceRuntime

/// Google's Geocoding API (`/maps/api/geocode/json`).
///
/// - Precision, of the first result: `rooftop` for `ROOFTOP`, and for the middle of premises; `interpolated` for
///   `RANGE_INTERPOLATED`; `street` for a route or a crossing, and for a house that does not bear the number that was
///   asked for. Anything coarser is no match.
/// - Confidence: the service gives none. 1 for `ROOFTOP`, 0.9 for `RANGE_INTERPOLATED`, 0.7 for `GEOMETRIC_CENTER`, 0.4
///   for `APPROXIMATE`; half of it for a `partial_match`, and again for more than one result.
struct GoogleDialect: GeocoderDialect {
    /// The service's terms ask for it wherever the data are shown.
    static let attribution = "Google"

    let source: String
    let key: Secret?

    func question(_ address: PostalAddress) -> GeocoderQuestion {
        let place = "\(address.state) \(address.shortZIP)"
        let text = [address.streetAsked, address.city, place].filter { !$0.isEmpty }.joined(separator: ", ")
        // ZIP and state stay out of the filter: what contradicts them must be seen, not filtered away.
        let country = StateCode.code(country: address.state) ?? "US"
        return GeocoderQuestion(
            path: "/maps/api/geocode/json",
            [
                "address": text, "components": "country:\(country)", "language": "en", "key": key?.revealed ?? "",
            ])
    }

    /// Its own status counts, which mostly comes with HTTP's 200.
    func finding(in answer: GeocoderAnswer, for address: PostalAddress) throws(GeocoderFailure) -> StreetFinding {
        let reply: GoogleReply
        do throws(GeocoderFailure) {
            reply = try answer.json(GoogleReply.self)
        } catch {
            try answer.requireOK()
            throw error
        }
        switch reply.status {
        case "OK": break
        // As questions come from here they have an address and a filter: what is invalid about one is the partner's
        // text. To ask it again, or to hold it against the service, would help nobody.
        case "ZERO_RESULTS", "INVALID_REQUEST": return .noMatch
        case "OVER_QUERY_LIMIT": throw away("over-query-limit", "The service says that it is asked too often.", answer)
        case "UNKNOWN_ERROR": throw away("unknown-error", "The service says that it failed.", answer)
        case "OVER_DAILY_LIMIT":
            throw refused("over-daily-limit", "The contract is used up or without billing, or the key is wrong.")
        case "REQUEST_DENIED": throw refused("request-denied", "The service does not answer us: see its key.")
        default:
            throw GeocoderFailure(
                kind: .unreadable, code: "unknown-status", message: "The answer's status is none that is known.")
        }
        guard let result = reply.results.first,
            StateCode.isDomestic(country: result.component("country")), let precision = precision(of: result, address)
        else { return .noMatch }
        return .found(
            try StreetMatch(
                latitude: result.geometry.location.lat, longitude: result.geometry.location.lng, precision: precision,
                source: source, confidence: confidence(in: result, of: reply.results.count),
                attribution: Self.attribution, state: result.state, matchedText: result.formattedAddress))
    }

    private func precision(of result: GoogleReply.Result, _ address: PostalAddress) -> GeocodedLocation.Precision? {
        if !result.types.isDisjoint(with: ["route", "intersection"]) { return .street }
        let isHouse = address.isHouse(result.component("street_number"))
        switch result.geometry.locationType {
        case "ROOFTOP": return isHouse ? .rooftop : .street
        case "RANGE_INTERPOLATED": return isHouse ? .interpolated : .street
        case "GEOMETRIC_CENTER":
            guard !result.types.isDisjoint(with: ["premise", "subpremise", "street_address"]) else { return nil }
            return isHouse ? .rooftop : .street
        default: return nil
        }
    }

    private func confidence(in result: GoogleReply.Result, of count: Int) -> Double {
        let whole =
            switch result.geometry.locationType {
            case "ROOFTOP": 1.0
            case "RANGE_INTERPOLATED": 0.9
            case "GEOMETRIC_CENTER": 0.7
            default: 0.4
            }
        return whole * (result.isPartialMatch == true ? 0.5 : 1) * (count > 1 ? 0.5 : 1)
    }

    private func away(_ code: String, _ message: String, _ answer: GeocoderAnswer) -> GeocoderFailure {
        GeocoderFailure(kind: .away(retryAfter: answer.retryAfter), code: code, message: message)
    }

    private func refused(_ code: String, _ message: String) -> GeocoderFailure {
        GeocoderFailure(kind: .refused, code: code, message: message)
    }
}
