/// What comes behind the street: `Apt 4`, `Ste 210`, `# 3`, `Rear` (USPS Publication 28, section 213 and appendix C2). The
/// house is the same with and without it.
enum UnitDesignator {
    private static let withNumber: Set = [
        "APT", "APARTMENT", "APTS", "BLDG", "BUILDING", "DEPT", "DEPARTMENT", "FL", "FLOOR", "FLR", "HNGR", "HANGAR",
        "KEY",
        "LOT", "PIER", "RM", "ROOM", "SLIP", "SPC", "SPACE", "SP", "STOP", "STE", "SUITE", "TRLR", "TRAILER", "UNIT",
        "NUMBER", "NO", "PMB", "BOX",
    ]
    private static let alone: Set = [
        "BSMT", "BASEMENT", "FRNT", "FRONT", "LBBY", "LOBBY", "LOWR", "LOWER", "OFC", "OFFICE", "PH", "PENTHOUSE",
        "REAR",
        "SIDE", "UPPR", "UPPER",
    ]
    /// Suffixes behind which a number of its own is a unit's. Not of roads, which are called by numbers.
    private static let closing: Set = [
        "ST", "AVE", "BLVD", "DR", "LN", "CT", "PL", "WAY", "TER", "CIR", "PKWY", "TRL", "SQ",
    ]

    /// The words of the street without those of the unit. A designator's word is a name where it stands first (`Front St`), or
    /// nothing that could be a unit's follows (`Old Pier Rd`).
    static func dropped(from words: ArraySlice<String>) -> ArraySlice<String> {
        for index in words.indices.dropFirst() {
            let word = words[index]
            let next = index + 1 < words.endIndex ? words[index + 1] : nil
            if word == "#" { return words[..<index] }
            if withNumber.contains(word), let next, isIdentifier(next) { return words[..<index] }
            if alone.contains(word), index + 1 == words.endIndex, index - words.startIndex >= 2 {
                return words[..<index]
            }
            if index + 1 == words.endIndex, isBareUnit(word, behind: words[..<index]) { return words[..<index] }
        }
        return words
    }

    /// `123 Main St 4B`, but not `N Avenue 64`, which has no name but the number.
    private static func isBareUnit(_ word: String, behind street: ArraySlice<String>) -> Bool {
        guard word.first?.isNumber == true, Ordinal.number(of: word) == nil, let last = street.last,
            closing.contains(StreetSuffix.standard(last) ?? "")
        else { return false }
        return street.dropLast().contains { Directional.standard($0) == nil }
    }

    /// A unit in front of the house number: `Apt 4, 123 Main St`, `#4 123 Main St`.
    static func droppedInFront(of words: ArraySlice<String>) -> ArraySlice<String> {
        guard words.count >= 4, let first = words.first, first == "#" || withNumber.contains(first),
            isIdentifier(words[words.startIndex + 1]), words[words.startIndex + 2].first?.isNumber == true
        else { return words }
        return words.dropFirst(2)
    }

    /// `4`, `4B`, `B4`, `B`, `#`.
    private static func isIdentifier(_ word: String) -> Bool {
        word.count == 1 || (word.contains(where: \.isNumber) && Ordinal.number(of: word) == nil)
    }
}
