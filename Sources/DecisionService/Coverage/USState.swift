/// The states, the District of Columbia, the territories, the freely associated states and the military's post, by
/// their USPS codes (Publication 28, appendix B).
enum USState {
    /// The FIPS number of each that has counties in the census (ANSI INCITS 38).
    static let fips: [String: Int] = [
        "AL": 1, "AK": 2, "AZ": 4, "AR": 5, "CA": 6, "CO": 8, "CT": 9, "DE": 10, "DC": 11, "FL": 12, "GA": 13, "HI": 15,
        "ID": 16, "IL": 17, "IN": 18, "IA": 19, "KS": 20, "KY": 21, "LA": 22, "ME": 23, "MD": 24, "MA": 25, "MI": 26,
        "MN": 27, "MS": 28, "MO": 29, "MT": 30, "NE": 31, "NV": 32, "NH": 33, "NJ": 34, "NM": 35, "NY": 36, "NC": 37,
        "ND": 38, "OH": 39, "OK": 40, "OR": 41, "PA": 42, "RI": 44, "SC": 45, "SD": 46, "TN": 47, "TX": 48, "UT": 49,
        "VT": 50, "VA": 51, "WA": 53, "WV": 54, "WI": 55, "WY": 56, "AS": 60, "GU": 66, "MP": 69, "PR": 72, "VI": 78,
    ]
    private static let withoutCounties: Set = ["AA", "AE", "AP", "FM", "MH", "PW"]
    private static let codes: [Int: String] = Dictionary(uniqueKeysWithValues: fips.map { ($0.value, $0.key) })

    static func isCode(_ text: String) -> Bool { fips[text] != nil || withoutCounties.contains(text) }

    /// The USPS code of the state with this FIPS number.
    static func code(fips: Int) -> String? { codes[fips] }
}
