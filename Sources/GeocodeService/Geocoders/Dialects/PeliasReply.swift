/// The part of a Pelias answer, a GeoJSON feature collection, that is read here.
struct PeliasReply: Decodable {
    /// Empty when there is no such address.
    var features: [Feature]

    struct Feature: Decodable {
        var geometry: Geometry
        var properties: Properties
    }

    struct Geometry: Decodable {
        /// Longitude, latitude, in degrees.
        var coordinates: [Double]
    }

    struct Properties: Decodable {
        /// `address`, `venue`, `street`, or something coarser.
        var layer: String
        var housenumber: String?
        /// `exact`, `interpolated`, `fallback`.
        var matchType: String?
        /// `point`, `interpolated`, `centroid`.
        var accuracy: String?
        var confidence: Double?
        /// The state's code, or its name.
        var regionCode: String?
        var region: String?
        /// ISO 3166-1, three letters.
        var countryCode: String?
        var label: String?

        /// USPS code.
        var state: String? {
            StateCode.code(regionCode) ?? StateCode.code(region) ?? StateCode.code(country: countryCode)
        }

        enum CodingKeys: String, CodingKey {
            case layer, housenumber, accuracy, confidence, region, label
            case matchType = "match_type"
            case regionCode = "region_a"
            case countryCode = "country_a"
        }
    }
}

/// What comes with status 400.
struct PeliasRefusal: Decodable {
    var geocoding: Reasons

    struct Reasons: Decodable {
        var errors: [String]
    }
}
