/// The states, the District of Columbia, the territories, the freely associated states and the armed forces' post, by
/// their USPS codes (Publication 28, appendix B), as `state` has them in requests and events.
package enum USState {
    /// Name and FIPS number (ANSI INCITS 38) of each that has counties in the census.
    private static let withCounties: [String: (name: String, fips: Int)] = [
        "AK": ("Alaska", 2), "AL": ("Alabama", 1), "AR": ("Arkansas", 5), "AS": ("American Samoa", 60),
        "AZ": ("Arizona", 4), "CA": ("California", 6), "CO": ("Colorado", 8), "CT": ("Connecticut", 9),
        "DC": ("District of Columbia", 11), "DE": ("Delaware", 10), "FL": ("Florida", 12), "GA": ("Georgia", 13),
        "GU": ("Guam", 66), "HI": ("Hawaii", 15), "IA": ("Iowa", 19), "ID": ("Idaho", 16), "IL": ("Illinois", 17),
        "IN": ("Indiana", 18), "KS": ("Kansas", 20), "KY": ("Kentucky", 21), "LA": ("Louisiana", 22),
        "MA": ("Massachusetts", 25), "MD": ("Maryland", 24), "ME": ("Maine", 23), "MI": ("Michigan", 26),
        "MN": ("Minnesota", 27), "MO": ("Missouri", 29), "MP": ("Northern Mariana Islands", 69),
        "MS": ("Mississippi", 28), "MT": ("Montana", 30), "NC": ("North Carolina", 37), "ND": ("North Dakota", 38),
        "NE": ("Nebraska", 31), "NH": ("New Hampshire", 33), "NJ": ("New Jersey", 34), "NM": ("New Mexico", 35),
        "NV": ("Nevada", 32), "NY": ("New York", 36), "OH": ("Ohio", 39), "OK": ("Oklahoma", 40), "OR": ("Oregon", 41),
        "PA": ("Pennsylvania", 42), "PR": ("Puerto Rico", 72), "RI": ("Rhode Island", 44),
        "SC": ("South Carolina", 45), "SD": ("South Dakota", 46), "TN": ("Tennessee", 47), "TX": ("Texas", 48),
        "UT": ("Utah", 49), "VA": ("Virginia", 51), "VI": ("Virgin Islands", 78), "VT": ("Vermont", 50),
        "WA": ("Washington", 53), "WI": ("Wisconsin", 55), "WV": ("West Virginia", 54), "WY": ("Wyoming", 56),
    ]
    private static let withoutCounties: Set = ["AA", "AE", "AP", "FM", "MH", "PW"]
    private static let byFIPS = Dictionary(uniqueKeysWithValues: withCounties.map { ($1.fips, $0) })
    private static let byName: [String: String] = {
        var codes = Dictionary(uniqueKeysWithValues: withCounties.map { ($1.name.lowercased(), $0) })
        // As ISO 3166-2 and geocoders have it.
        codes["u.s. virgin islands"] = "VI"
        codes["united states virgin islands"] = "VI"
        return codes
    }()

    /// Whether it is one of the codes, in capital letters.
    package static func isCode(_ text: String) -> Bool { hasCounties(text) || withoutCounties.contains(text) }

    /// Whether it is the code, in capital letters, of one that has counties.
    package static func hasCounties(_ code: String) -> Bool { withCounties[code] != nil }

    /// The code of the one with this FIPS number.
    package static func code(fips: Int) -> String? { byFIPS[fips] }

    /// The code of the one with this English name, in any case, with a blank between words; of those that have
    /// counties.
    package static func code(name: String) -> String? { byName[name.lowercased()] }
}
