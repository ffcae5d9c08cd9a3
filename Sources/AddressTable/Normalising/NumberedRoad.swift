import Contracts

/// Roads that are called by a number: `US-6`, `Hwy 6`, `State Rd 7`, `County Road K`, `FM 1960` (USPS Publication 28,
/// section 237).
///
/// The number becomes the name and the kind the suffix, so that all roads of one number lie beside each other. Whether
/// a state calls its roads routes, roads or highways makes no difference: each number is given once.
enum NumberedRoad {
    /// What a bare `Highway 6` or `Route 6` may also be.
    static let bare = "HWY"
    private static let road = "RD"
    /// A farm road in Missouri, a forest road elsewhere.
    private static let farm = "FR"
    private static let puertoRico = "PR"
    /// Which kinds one that says less may stand for.
    private static let vague: [String: Set<String>] = [
        bare: ["US HWY", "STATE HWY", "COUNTY RD", "I"],
        road: ["COUNTY RD", "TOWNSHIP RD", "STATE HWY", "PRIVATE RD", "FM"],
        farm: ["FM", "FOREST RD"],
        // A private road in Texas, a highway on the island.
        puertoRico: ["PRIVATE RD", "CARR"],
    ]

    private static let lettersApart: Set = ["FM", "RM", "RR", "SR", "SH", "CR", "US", "IH", "TR"]
    /// Roads that run beside a numbered one.
    private static let beside = [
        "FRONTAGE": "FRONTAGE", "FRTG": "FRONTAGE", "FRNTG": "FRONTAGE", "SERVICE": "SERVICE", "SVC": "SERVICE",
        "SERV": "SERVICE", "ACCESS": "ACCESS", "FEEDER": "FEEDER", "OUTER": "OUTER",
    ]

    /// The name of a road that runs beside a numbered one, without `Rd`: `I-10 Frontage`.
    static func readBeside(_ words: [String], state: String) -> String? {
        guard words.count >= 3, let last = words.last.flatMap({ beside[$0] }),
            let road = read(Array(words.dropLast()), state: state)
        else { return nil }
        return "\(road.kind) \(road.number) \(last)"
    }

    private static let ways: Set = ["HWY", "RTE", "RD"]
    private static let short = [
        "US": "US HWY", "USA": "US HWY", "USH": "US HWY", "USHWY": "US HWY", "SR": "STATE HWY", "SH": "STATE HWY",
        "STH": "STATE HWY", "SRT": "STATE HWY", "STRTE": "STATE HWY", "CR": "COUNTY RD", "CTH": "COUNTY RD",
        "CH": "COUNTY RD", "CSAH": "COUNTY RD", "CORD": "COUNTY RD", "I": "I", "IH": "I", "INTERSTATE": "I", "FM": "FM",
        "RM": "FM", "RR": "FM", "TR": "TOWNSHIP RD", "TH": "TOWNSHIP RD", "T": "TOWNSHIP RD", "FS": "FOREST RD",
        "FSR": "FOREST RD", "FR": farm, "NF": "FOREST RD", "NFD": "FOREST RD", "PR": puertoRico,
        "PVR": "PRIVATE RD", "CARR": "CARR", "CARRETERA": "CARR", "BIA": "INDIAN RTE", "HWY": bare, "RTE": bare,
        "RD": road, "LOOP": "LOOP", "SPUR": "SPUR", "BELTWAY": "BELTWAY",
    ]
    private static let first = [
        "STATE": "STATE HWY", "ST": "STATE HWY", "COUNTY": "COUNTY RD", "CO": "COUNTY RD", "CNTY": "COUNTY RD",
        "CTY": "COUNTY RD", "TOWNSHIP": "TOWNSHIP RD", "TWP": "TOWNSHIP RD", "TWNSHP": "TOWNSHIP RD", "RANCH": "FM",
        "FARM": "FM", "FOREST": "FOREST RD", "FS": "FOREST RD", "PRIVATE": "PRIVATE RD", "PVT": "PRIVATE RD",
        "INDIAN": "INDIAN RTE", "FEDERAL": "US HWY", "US": "US HWY", "INTERSTATE": "I", "PARISH": "PARISH RD",
        "PAR": "PARISH RD", "PARK": "PARK RD",
    ]
    /// What a number may have behind it, and is a road of its own with.
    private static let branches = [
        "BUS": "BUSINESS", "BUSINESS": "BUSINESS", "BYP": "BYPASS", "BYPASS": "BYPASS", "ALT": "ALTERNATE",
        "ALTERNATE": "ALTERNATE", "TRUCK": "TRUCK", "SPUR": "SPUR", "LOOP": "LOOP", "EXT": "EXTENSION",
    ]

    /// How a table's kind fits another that was asked for.
    ///
    /// A question may say less. Of a table that says less the bare highway is the state's or the nation's, which give
    /// a number once; all else that it has may be another road.
    static func fit(asked: String, _ row: String) -> StreetName.Fit? {
        if vague[asked]?.contains(row) == true { return .sure(1) }
        if row == bare { return ["US HWY", "STATE HWY"].contains(asked) ? .sure(1) : nil }
        guard vague[row]?.contains(asked) == true else { return nil }
        return row == road && ["STATE HWY", "FM"].contains(asked) ? nil : .unsure
    }

    /// A number that is written without a space: `SR7` → `SR`, `7`.
    static func split(_ word: String) -> [String] {
        guard let digit = word.firstIndex(where: \.isNumber), digit > word.startIndex,
            case let letters = String(word[..<digit]),
            short[letters] != nil || StreetSuffix.standard(letters) == bare || isState(letters),
            letters.count > 1 || letters == "I",
            word[digit...].prefix(while: \.isNumber).count >= word[digit...].count - 1
        else { return [word] }
        return [letters, String(word[digit...])]
    }

    /// Whether these words are the kind of a road that is called by a number, so that what follows is one: `State
    /// Highway`.
    static func isKind(_ words: some Collection<String>, state: String = "") -> Bool {
        var words = Array(words)
        if words.count > 1, Directional.standard(words[0]) != nil { words.removeFirst() }
        if words.count > 1, words[0] == "OLD" { words.removeFirst() }
        return kind(words, state: state) != nil
    }

    /// Whether a street's name and suffix are those of such a road: `50` and `STATE HWY`, `OLD 6` and `HWY`.
    static func isRoad(number: String, kind: String) -> Bool {
        let words = number.split(separator: " ").map(String.init)
        let core = words.drop { $0 == "OLD" || $0 == "NEW" }
        guard let first = core.first,
            branches.values.contains(core.last ?? "") || core.count == 1 || core.dropFirst().first == "AND"
        else { return false }
        return kinds.contains(kind) && isNumber(first, of: kind)
    }

    private static let kinds = Set(short.values).union(first.values)

    /// - Parameters:
    ///   - words: a street's name without directionals and suffix.
    ///   - state: USPS code; empty for unknown.
    static func read(_ words: [String], state: String = "") -> (number: String, kind: String)? {
        var words = words
        var (front, behind) = ("", "")
        if words.count >= 3, ["OLD", "NEW"].contains(words[0]) { front = words.removeFirst() + " " }
        // `I-70 Business Loop`, `Business Loop I-70`
        while words.count >= 3, let branch = branches[words[words.count - 1]] {
            behind = " " + branch + behind
            words.removeLast()
        }
        if behind.isEmpty, words.count >= 3, ["BUS", "BUSINESS"].contains(words[0]) {
            behind = " BUSINESS"
            words.removeFirst()
            if words.count >= 3, ["LOOP", "SPUR"].contains(words[0]) { behind += " " + words.removeFirst() }
        }
        if words.count >= 3, HouseNumber.isFraction(words[words.count - 1]) {
            behind = " " + words.removeLast() + behind
        }
        // `County Rd 12 A`, `SR 19-A`
        if words.count >= 3, let letter = words.last, letter.count == 1, letter.first?.isLetter == true,
            words[words.count - 2].allSatisfy(\.isNumber), kind(Array(words.dropLast(2)), state: state) != nil
        {
            words[words.count - 2] += letter
            words.removeLast()
        }
        // `US Highway 6 & 50`
        if words.count >= 4, words[words.count - 2] == "AND", let second = words.last,
            let kind = kind(Array(words.dropLast(3)), state: state), isNumber(second, of: kind),
            case let first = words[words.count - 3], isNumber(first, of: kind), first.first?.isNumber == true
        {
            return (front + "\(first) AND \(second)" + behind, kind)
        }
        guard words.count >= 2, let number = words.last, let kind = kind(Array(words.dropLast()), state: state),
            isNumber(number, of: kind)
        else { return nil }
        return (front + String(number.drop { $0 == "0" }) + behind, kind)
    }

    /// A road that is called by a letter of the compass: `County Road N`, `Highway E`.
    static func readCompass(_ words: [String], state: String) -> (number: String, kind: String)? {
        guard words.count >= 2, let letter = words.last, ["N", "S", "E", "W", "NE", "NW", "SE", "SW"].contains(letter),
            let kind = kind(Array(words.dropLast()), state: state),
            kind == bare || kind == "COUNTY RD" || kind == "STATE HWY" && words[words.count - 2] != "RD"
        else { return nil }
        return (letter, kind)
    }

    private static func kind(_ words: [String], state: String = "") -> String? {
        func isState(_ word: String) -> Bool { isStateRoad(word, in: state) }
        // `F M 2920`, `S R 50`
        var words = words
        if words.count >= 2, case let joined = words[0] + words[1], lettersApart.contains(joined), joined.count == 2 {
            words = [joined] + words.dropFirst(2)
        }
        words = words.map { word in StreetSuffix.standard(word).flatMap { ways.contains($0) ? $0 : nil } ?? word }
        switch words.count {
        case 1:
            if let kind = short[words[0]] { return kind }
            // `County 12`, `TX 6`
            if ["COUNTY", "CNTY", "CTY"].contains(words[0]) || words[0] == "CO" && !["", "CO"].contains(state) {
                return "COUNTY RD"
            }
            if ["TOWNSHIP", "TWP", "TWNSHP"].contains(words[0]) { return "TOWNSHIP RD" }
            return isState(words[0]) ? "STATE HWY" : nil
        case 2 where words == ["U", "S"] || words == ["UNITED", "STATES"]: return "US HWY"
        case 2 where words == ["CARRETERA", "PR"] || words == ["CARR", "PR"]: return "CARR"
        case 2 where words == ["STATE", "LOOP"] || words == ["STATE", "SPUR"]: return words[1]
        case 2 where ways.contains(words[1]):
            if let kind = first[words[0]] ?? short[words[0]], kind != bare, kind != road { return kind }
            return isState(words[0]) ? "STATE HWY" : nil
        // `KY SR 144`
        case 2 where isState(words[0]) && short[words[1]] == "STATE HWY": return "STATE HWY"
        // `County State Aid Hwy 6`, `Farm to Market Rd 1960`, `State Trunk Hwy 6`
        default:
            let text = words.joined(separator: " ")
            switch text {
            case "U S HWY", "U S RTE", "UNITED STATES HWY", "UNITED STATES RTE": return "US HWY"
            case "FARM TO MARKET", "FARM TO MARKET RD", "RANCH TO MARKET", "RANCH TO MARKET RD", "FM TO MARKET RD":
                return "FM"
            case "COUNTY STATE AID HWY", "CO STATE AID HWY", "COUNTY TRUNK HWY", "COUNTY TRUNK": return "COUNTY RD"
            case "STATE TRUNK HWY": return "STATE HWY"
            case "FOREST SERVICE RD", "NATIONAL FOREST RD", "FOREST SERVICE": return "FOREST RD"
            default:
                guard words.count >= 3, ways.contains(words[words.count - 1]) else { return nil }
                // `Kentucky State Hwy`, `KY State Rte`, `North Carolina Hwy`
                var name = words.dropLast()
                if name.last == "STATE" { name.removeLast() }
                return isState(name.joined(separator: " ")) ? "STATE HWY" : nil
            }
        }
    }

    private static func isState(_ word: String) -> Bool { word == "STATE" || USState.code(written: word) != nil }

    /// States as signs and older maps shorten them.
    private static let olderStates = [
        "ALA": "AL", "ARIZ": "AZ", "ARK": "AR", "CALIF": "CA", "COLO": "CO", "CONN": "CT", "DEL": "DE", "FLA": "FL",
        "ILL": "IL", "IND": "IN", "KAN": "KS", "KANS": "KS", "MASS": "MA", "MICH": "MI", "MINN": "MN", "MISS": "MS",
        "MONT": "MT", "NEB": "NE", "NEBR": "NE", "NEV": "NV", "OKLA": "OK", "ORE": "OR", "OREG": "OR", "PENNA": "PA",
        "TENN": "TN", "TEX": "TX", "WASH": "WA", "WIS": "WI", "WISC": "WI", "WYO": "WY",
    ]

    /// Whether a road with that word before its number is the state's own: `TN 2` in Kentucky is none.
    private static func isStateRoad(_ word: String, in state: String) -> Bool {
        if word == "STATE" { return true }
        if let named = olderStates[word] { return named == state }
        guard let named = USState.code(written: word) else { return false }
        return state.isEmpty || named == state
    }

    /// `6`, `6A`; of county roads and Missouri's highways also `K` and `KK`; of a state's also `A1A`.
    private static func isNumber(_ word: String, of kind: String) -> Bool {
        let digits = word.prefix(while: \.isNumber)
        if digits.isEmpty {
            if (3...5).contains(word.count), word.dropFirst().dropLast().allSatisfy(\.isNumber),
                word.first?.isLetter == true, word.last?.isLetter == true
            {
                return kind == "STATE HWY" || kind == bare
            }
            return ["COUNTY RD", "STATE HWY", bare].contains(kind) && word.count <= 2 && word.allSatisfy(\.isLetter)
                && StreetSuffix.standard(word) == nil
        }
        return digits.count <= 5 && word.count - digits.count <= 1 && Int(digits) != 0
            && NumberWords.number(ofOrdinal: word) == nil
    }
}
