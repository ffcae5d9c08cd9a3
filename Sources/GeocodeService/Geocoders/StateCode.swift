import Contracts

/// USPS codes of the states, the District of Columbia and the territories, by what geocoders call them.
enum StateCode {
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
        return USState.hasCounties(code) ? code : USState.code(name: text)
    }

    /// The code of a territory that an answer names as a country; `nil` for the United States, and for foreign parts.
    static func code(country: String?) -> String? { country.flatMap { territories[$0.uppercased()] } }

    /// Whether an answer's country is, or belongs to, the United States. One that names none is not held against it.
    static func isDomestic(country: String?) -> Bool {
        guard let country else { return true }
        return ["US", "USA"].contains(country.uppercased()) || code(country: country) != nil
    }
}
