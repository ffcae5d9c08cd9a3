import Contracts
import ServiceRuntime

@testable import GeocodeService

extension Harness {
    static let geocoder = Harness(
        "geocoder", "the bodies of geocoders' answers, in every dialect: a point on earth, or none"
    ) { input in
        let dialects: [any GeocoderDialect] = [
            CensusDialect(source: "census", benchmark: "a", vintage: "b"),
            GoogleDialect(source: "google", key: Secret("key-of-google")),
            NominatimDialect(source: "nominatim"), PeliasDialect(source: "pelias", key: nil),
        ]
        let choice = Int(input.byte())
        let status = [200, 400, 403, 429, 500][choice / 4 % 5]
        let address = PostalAddress(street: "901 Bagby St", city: "Houston", state: "TX", zip: "77002")
        let answer = GeocoderAnswer(status: status, retryAfter: nil, body: input.bytes)
        guard case .found(let match)? = try? dialects[choice % 4].finding(in: answer, for: address) else { return }
        let location = match.location
        demand((-90...90).contains(location.latitude) && (-180...180).contains(location.longitude), "a place on earth")
        demand(location.latitude != 0 || location.longitude != 0, "not 0, 0")
        demand(location.confidence.map { (0...1).contains($0) } ?? true, "a confidence")
        demand((match.matchedText?.unicodeScalars.allSatisfy { $0.value >= 0x20 }) ?? true, "one line")
    }
}
