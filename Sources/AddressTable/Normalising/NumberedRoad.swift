import Contracts

/// Roads that are called by a number: `US-6`, `Hwy 6`, `State Rd 7`, `County Road K`, `FM 1960` (USPS Publication 28,
/// section 237).
///
/// The number becomes the name and the kind the suffix, so that all roads of one number lie beside each other. Whether a
/// state calls its roads routes, roads or highways makes no difference: each number is given once.
enum NumberedRoad {
    /// What a bare `Highway 6` or `Route 6` may also be.
    static let bare = "HWY"
    static let notBare: Set = ["US HWY", "STATE HWY", "COUNTY RD"]

    private static let ways: Set = ["HWY", "RTE", "RD"]
    private static let short = [
        "US": "US HWY", "USA": "US HWY", "USH": "US HWY", "SR": "STATE HWY", "SH": "STATE HWY", "STH": "STATE HWY",
        "CR": "COUNTY RD", "CTH": "COUNTY RD", "CH": "COUNTY RD", "CSAH": "COUNTY RD", "I": "I", "IH": "I",
        "INTERSTATE": "I", "FM": "FM", "RM": "FM", "RR": "FM", "TR": "TOWNSHIP RD", "HWY": bare, "RTE": bare,
    ]
    private static let first = [
        "STATE": "STATE HWY", "ST": "STATE HWY", "COUNTY": "COUNTY RD", "CO": "COUNTY RD", "CNTY": "COUNTY RD",
        "CTY": "COUNTY RD", "TOWNSHIP": "TOWNSHIP RD", "TWP": "TOWNSHIP RD", "RANCH": "FM", "FARM": "FM",
    ]

    /// A number that is written without a space: `SR7` → `SR`, `7`.
    static func split(_ word: String) -> [String] {
        guard let digit = word.firstIndex(where: \.isNumber), digit > word.startIndex,
            short[String(word[..<digit])] != nil || StreetSuffix.standard(String(word[..<digit])) == bare,
            word[digit...].allSatisfy(\.isNumber)
        else { return [word] }
        return [String(word[..<digit]), String(word[digit...])]
    }

    /// - Parameter words: a street's name without directionals and suffix.
    static func read(_ words: [String]) -> (number: String, kind: String)? {
        guard words.count >= 2, let last = words.last else { return nil }
        var kinds = words.dropLast().map { word in
            StreetSuffix.standard(word).flatMap { ways.contains($0) ? $0 : nil } ?? word
        }
        if kinds == ["FARM", "TO", "MARKET", "RD"] || kinds == ["FARM", "TO", "MARKET"] { kinds = ["FM"] }
        guard let kind = kind(kinds), isNumber(last, lettersToo: kind == "COUNTY RD") else { return nil }
        return (last, kind)
    }

    private static func kind(_ words: [String]) -> String? {
        switch words.count {
        case 1:
            if let kind = short[words[0]] { return kind }
            // `County 12`, `TX 6`
            return words == ["COUNTY"] ? "COUNTY RD" : isState(words[0]) ? "STATE HWY" : nil
        case 2 where ways.contains(words[1]):
            if let kind = first[words[0]] ?? short[words[0]], kind != bare { return kind }
            return isState(words[0]) ? "STATE HWY" : nil
        // `U S Highway 6`
        case 3 where words[0] == "U" && words[1] == "S" && ways.contains(words[2]): return "US HWY"
        case 2 where words == ["U", "S"]: return "US HWY"
        default: return nil
        }
    }

    private static func isState(_ word: String) -> Bool { word == "STATE" || USState.code(written: word) != nil }

    /// `6`, `6A`; of county roads also `K` and `KK`, as Wisconsin calls them.
    private static func isNumber(_ word: String, lettersToo: Bool) -> Bool {
        let digits = word.prefix(while: \.isNumber)
        if digits.isEmpty { return lettersToo && word.count <= 2 && word.allSatisfy(\.isLetter) }
        return digits.count <= 5 && word.count - digits.count <= 1 && Ordinal.number(of: word) == nil
    }
}
