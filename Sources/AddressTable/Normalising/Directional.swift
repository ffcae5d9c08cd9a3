/// The points of the compass in street names (USPS Publication 28, section 233).
enum Directional {
    private static let short = [
        "N": "N", "NORTH": "N", "NO": "N", "S": "S", "SOUTH": "S", "SO": "S", "E": "E",
        "EAST": "E",
        "W": "W", "WEST": "W", "NE": "NE", "NORTHEAST": "NE", "NW": "NW", "NORTHWEST": "NW", "SE": "SE",
        "SOUTHEAST": "SE", "SW": "SW", "SOUTHWEST": "SW",
    ]

    /// `N`, `NE`, …; `nil` for any other word.
    static func standard(_ word: String) -> String? { short[word] }

    /// One directional that is written as two words: `N E` and `North East` are `NE`.
    static func standard(_ first: String, _ second: String) -> String? {
        guard let first = short[first], let second = short[second], ["N", "S"].contains(first),
            ["E", "W"].contains(second)
        else { return nil }
        return first + second
    }
}
