import Contracts

/// Requests as GeoJSON (RFC 7946): a map shows them as they are.
struct RequestFeatures: Sendable, Encodable {
    private let type = "FeatureCollection"
    private let features: [Feature]

    init(_ requests: [StoredRequest], forStaff: Bool) {
        features = requests.map { Feature(request: $0, forStaff: forStaff) }
    }

    private struct Feature: Encodable {
        let request: StoredRequest
        let forStaff: Bool

        enum Key: String, CodingKey { case type, id, geometry, properties }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode("Feature", forKey: .type)
            try container.encode(request.id, forKey: .id)
            // A place that is not known is null: never a point somewhere.
            try container.encode(request.geocoding?.location.map(Point.init), forKey: .geometry)
            try container.encode(RequestView(request, forStaff: forStaff), forKey: .properties)
        }
    }

    private struct Point: Encodable {
        let type = "Point"
        /// Longitude first.
        let coordinates: [Double]

        init(_ location: GeocodedLocation) { coordinates = [location.longitude, location.latitude] }
    }
}
