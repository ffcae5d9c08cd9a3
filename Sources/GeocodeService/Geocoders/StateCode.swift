/// USPS codes of the states, the District of Columbia and the territories (Publication 28, appendix B), by what geocoders
/// call them.
enum StateCode {
    private static let names: [String: String] = [
        "alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA", "colorado": "CO",
        "connecticut": "CT", "delaware": "DE", "district of columbia": "DC", "florida": "FL", "georgia": "GA",
        "hawaii": "HI", "idaho": "ID", "illinois": "IL", "indiana": "IN", "iowa": "IA", "kansas": "KS",
        "kentucky": "KY", "louisiana": "LA", "maine": "ME", "maryland": "MD", "massachusetts": "MA",
        "michigan": "MI", "minnesota": "MN", "mississippi": "MS", "missouri": "MO", "montana": "MT",
        "nebraska": "NE", "nevada": "NV", "new hampshire": "NH", "new jersey": "NJ", "new mexico": "NM",
        "new york": "NY", "north carolina": "NC", "north dakota": "ND", "ohio": "OH", "oklahoma": "OK",
        "oregon": "OR", "pennsylvania": "PA", "rhode island": "RI", "south carolina": "SC", "south dakota": "SD",
        "tennessee": "TN", "texas": "TX", "utah": "UT", "vermont": "VT", "virginia": "VA", "washington": "WA",
        "west virginia": "WV", "wisconsin": "WI", "wyoming": "WY", "american samoa": "AS", "guam": "GU",
        "northern mariana islands": "MP", "puerto rico": "PR", "u.s. virgin islands": "VI",
        "united states virgin islands": "VI", "virgin islands": "VI",
    ]
    private static let codes = Set(names.values)
    /// The territories that ISO 3166-1 also counts as countries, by both of its codes.
    private static let territories = [
        "AS": "AS", "ASM": "AS", "GU": "GU", "GUM": "GU", "MP": "MP", "MNP": "MP", "PR": "PR", "PRI": "PR", "VI": "VI",
        "VIR": "VI",
    ]

    /// The code of what an answer names as a state: a code (`NY`), one of ISO 3166-2 (`US-NY`), or a name in English.
    static func code(_ text: String?) -> String? {
        guard let text else { return nil }
        let upper = text.uppercased()
        let code = upper.hasPrefix("US-") ? String(upper.dropFirst(3)) : upper
        return codes.contains(code) ? code : names[text.lowercased()]
    }

    /// The code of a territory that an answer names as a country; `nil` for the United States, and for foreign parts.
    static func code(country: String?) -> String? { country.flatMap { territories[$0.uppercased()] } }

    /// Whether an answer's country is, or belongs to, the United States. One that names none is not held against it.
    static func isDomestic(country: String?) -> Bool {
        guard let country else { return true }
        return ["US", "USA"].contains(country.uppercased()) || code(country: country) != nil
    }
}
