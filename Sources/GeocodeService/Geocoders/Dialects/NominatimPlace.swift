/// One place of a Nominatim answer, in `jsonv2` or the older `json`: the part of it that is read here.
struct NominatimPlace: Decodable {
    var lat: Degrees
    var lon: Degrees
    var licence: String?
    var displayName: String?
    /// `class` in the older format.
    var category: String?
    var type: String?
    var osmType: String?
    /// From 4, a country, over 26, a street, to 30, a house; absent from the older format.
    var placeRank: Int?
    var address: Address?

    /// How much of the map a place is.
    enum Extent {
        /// More than a street.
        case coarse
        case street
        /// A house number somewhere along a line.
        case line
        case point
    }

    var extent: Extent {
        if type == "postcode" || category == "boundary" { return .coarse }
        if category == "place", type == "house" || type == "houses" { return osmType == "way" ? .line : .point }
        if let placeRank { return placeRank < 26 ? .coarse : placeRank < 28 ? .street : .point }
        switch category {
        case "highway": return .street
        case "place", nil: return .coarse
        default: return address?.houseNumber == nil && address?.road == nil ? .coarse : .point
        }
    }

    /// USPS code.
    var state: String? {
        StateCode.code(address?.stateCode) ?? StateCode.code(address?.state)
            ?? StateCode.code(country: address?.countryCode)
    }

    struct Address: Decodable {
        var houseNumber: String?
        var road: String?
        var state: String?
        /// ISO 3166-2, e.g. `US-NY`.
        var stateCode: String?
        var postcode: String?
        /// ISO 3166-1, two letters in lower case.
        var countryCode: String?

        enum CodingKeys: String, CodingKey {
            case road, state, postcode
            case houseNumber = "house_number"
            case stateCode = "ISO3166-2-lvl4"
            case countryCode = "country_code"
        }
    }

    /// A number, which this service writes as a text.
    struct Degrees: Decodable {
        var value: Double

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                // What is no number is no place, which is told apart from JSON of another kind.
                value = Double(text) ?? .nan
            } else {
                value = try container.decode(Double.self)
            }
        }
    }

    enum CodingKeys: String, CodingKey {
        case lat, lon, licence, category, type, address
        case olderCategory = "class"
        case displayName = "display_name"
        case osmType = "osm_type"
        case placeRank = "place_rank"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        lat = try fields.decode(Degrees.self, forKey: .lat)
        lon = try fields.decode(Degrees.self, forKey: .lon)
        licence = try fields.decodeIfPresent(String.self, forKey: .licence)
        displayName = try fields.decodeIfPresent(String.self, forKey: .displayName)
        category =
            try fields.decodeIfPresent(String.self, forKey: .category)
            ?? fields.decodeIfPresent(String.self, forKey: .olderCategory)
        type = try fields.decodeIfPresent(String.self, forKey: .type)
        osmType = try fields.decodeIfPresent(String.self, forKey: .osmType)
        placeRank = try fields.decodeIfPresent(Int.self, forKey: .placeRank)
        address = try fields.decodeIfPresent(Address.self, forKey: .address)
    }
}
