/// The part of the Geocoding API's JSON that is read here.
struct GoogleReply: Decodable {
    var status: String
    /// The best first.
    var results: [Result]

    enum CodingKeys: CodingKey {
        case status, results
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        status = try fields.decode(String.self, forKey: .status)
        // Beside an error's status nothing is sure.
        results = status == "OK" ? try fields.decode([Result].self, forKey: .results) : []
    }

    struct Result: Decodable {
        var types: Set<String>
        var formattedAddress: String?
        var components: [Component]
        var geometry: Geometry
        /// That it is not all of what was asked for.
        var isPartialMatch: Bool?

        /// The short form of the component of this type.
        func component(_ type: String) -> String? { components.first { $0.types.contains(type) }?.shortName }

        /// USPS code.
        var state: String? {
            StateCode.code(component("administrative_area_level_1")) ?? StateCode.code(country: component("country"))
        }

        enum CodingKeys: String, CodingKey {
            case types, geometry
            case formattedAddress = "formatted_address"
            case components = "address_components"
            case isPartialMatch = "partial_match"
        }
    }

    struct Component: Decodable {
        var shortName: String
        var types: Set<String>

        enum CodingKeys: String, CodingKey {
            case types
            case shortName = "short_name"
        }
    }

    struct Geometry: Decodable {
        var location: Point
        /// `ROOFTOP`, `RANGE_INTERPOLATED`, `GEOMETRIC_CENTER`, `APPROXIMATE`.
        var locationType: String

        enum CodingKeys: String, CodingKey {
            case location
            case locationType = "location_type"
        }
    }

    /// Degrees.
    struct Point: Decodable {
        var lat: Double
        var lng: Double
    }
}
