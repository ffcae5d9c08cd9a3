/// Words of a street's name, each in the one way to write it: people write `Mt Vernon` and `Mount Vernon`, `Intl Pkwy`
/// and `International Pkwy`, `Nine Mile Rd` and `9 Mile Rd`.
enum NameWords {
    private static let longs = [
        "SAINTE": "STE", "SNT": "SAINT", "INTL": "INTERNATIONAL", "INTNL": "INTERNATIONAL", "NATL": "NATIONAL",
        "UNIV": "UNIVERSITY", "INDL": "INDUSTRIAL", "IND": "INDUSTRIAL", "INDUS": "INDUSTRIAL", "MEM": "MEMORIAL",
        "MEML": "MEMORIAL", "HOSP": "HOSPITAL", "CEM": "CEMETERY", "CH": "CHURCH", "SCH": "SCHOOL",
        "GOVT": "GOVERNMENT", "EXEC": "EXECUTIVE", "FRTG": "FRONTAGE", "FRNTG": "FRONTAGE",
        "SVC": "SERVICE", "SERV": "SERVICE", "CO": "COUNTY", "CNTY": "COUNTY", "CTY": "COUNTY", "TWP": "TOWNSHIP",
        "SEC": "SECTION", "RR": "RAILROAD", "PK": "PARK", "MKT": "MARKET", "CLG": "COLLEGE", "BUS": "BUSINESS",
        "ALT": "ALTERNATE", "UPR": "UPPER", "LWR": "LOWER",
        "WM": "WILLIAM", "GEO": "GEORGE", "CHAS": "CHARLES", "THOS": "THOMAS", "JAS": "JAMES", "ROBT": "ROBERT",
        "GOV": "GOVERNOR", "GEN": "GENERAL", "PRES": "PRESIDENT", "SGT": "SERGEANT", "CAPT": "CAPTAIN",
        "COL": "COLONEL", "SEN": "SENATOR", "REV": "REVEREND", "MSGR": "MONSIGNOR", "LT": "LIEUTENANT",
        "CMDR": "COMMANDER", "ADM": "ADMIRAL", "MAJ": "MAJOR", "JR": "JUNIOR", "SR": "SENIOR", "AVENIDA": "AVENUE",
        "AVDA": "AVENUE", "CAM": "CAMINO", "CMNO": "CAMINO", "CMO": "CAMINO", "PSO": "PASEO", "CLL": "CALLE",
        "CLE": "CALLE", "CALZ": "CALZADA", "CERR": "CERRADA", "CIRCULO": "CIRCLE", "CLLJ": "CALLEJON",
        "VER": "VEREDA", "RCH": "RANCHO", "ENT": "ENTRADA",
    ]
    private static let compass = [
        "N": "NORTH", "S": "SOUTH", "E": "EAST", "W": "WEST", "NE": "NORTHEAST", "NW": "NORTHWEST", "SE": "SOUTHEAST",
        "SW": "SOUTHWEST",
    ]

    /// Abbreviations that are a street's whole name too, or may stand for another word: `Ind Ave`, `Ch St`, `Co Rd`.
    private static let unclear: Set = [
        "IND", "CH", "CO", "COL", "GEN", "ENT", "VER", "CAM", "CERR", "SEC", "SR", "ALT", "BUS", "GEO", "MAJ", "SEN",
        "REV",
        "LT", "ADM", "JAS", "MEM", "EXEC", "CLG",
    ]
    private static let letters = Dictionary(uniqueKeysWithValues: compass.map { ($0.value, $0.key) })
    private static let spoken = ["EYE": "I", "QUE": "Q", "YOU": "U"]

    /// `N` → `NORTH`
    static func direction(_ standard: String) -> String? { compass[standard] }

    /// The letters of a name that is a point of the compass, in whichever way it is written: `NORTH` → `N`.
    static func letters(of name: String) -> String? { letters[name] ?? (compass[name] == nil ? nil : name) }

    /// The letter that a name says: Washington's `Eye St` is `I St`.
    static func letter(spoken name: String) -> String? { spoken[name] }

    /// The word that an abbreviation alone may stand for; `nil` for what is clear, or no abbreviation.
    static func guess(_ name: String) -> String? { unclear.contains(name) ? longs[name] : nil }

    /// - Parameters:
    ///   - words: a name without directionals and suffix; ordinals in digits.
    ///   - suffix: standard; empty for none.
    static func standard(_ words: [String], suffix: String) -> String {
        var words = words
        if words.count > 1, words[0] == "THE" { words.removeFirst() }
        words = honoured(words)
        guard words.count > 1 else { return words.first.map { single($0, suffix: suffix) } ?? "" }
        let digits = NumberWords.inDigits(words, cardinalsToo: true)
        if digits.count > 1 { words = digits }
        return words.indices.map { word(words[$0], at: $0, in: words) }.joined(separator: " ")
    }

    /// Suffixes of streets that are called by a letter in many cities.
    private static let lettered: Set = ["ST", "AVE", "CT", "PL", "LN", "DR", "RD", "TER", "CIR", "BLVD"]

    private static func single(_ word: String, suffix: String) -> String {
        // `North St`: the directional is the name. `N St` is another where streets are called by letters; `SW Fwy` is
        // not.
        if let only = Directional.standard(word) {
            return word == only || !lettered.contains(suffix) ? only : compass[only] ?? only
        }
        // `57 St`: New York's own files write it so. Without a suffix it is a grid's number: `400 S`.
        if !suffix.isEmpty, let number = Int(word), (1...999).contains(number) { return NumberWords.ordinal(number) }
        return StreetSuffix.long(word) ?? (unclear.contains(word) ? word : longs[word]) ?? word
    }

    private static func word(_ word: String, at index: Int, in words: [String]) -> String {
        let isLast = index == words.count - 1
        switch word {
        // `St Paul`, `Main St Extension`, `St Line Rd`
        case "ST", "STREET": return isLast ? "STREET" : words[index + 1] == "LINE" ? "STATE" : "SAINT"
        case "DR", "DOCTOR": return index == 0 ? "DOCTOR" : "DRIVE"
        case "NO", "SO": return index == 0 && !isLast ? (word == "NO" ? "NORTH" : "SOUTH") : word
        default: break
        }
        if let direction = Directional.standard(word).flatMap({ compass[$0] }) { return direction }
        return longs[word] ?? StreetSuffix.long(word) ?? word
    }

    /// `Dr. Martin Luther King Jr.`, the name that is shortened in the most ways, and others of its kind.
    private static func honoured(_ words: [String]) -> [String] {
        var words = words
        let titles = ["DR", "DOCTOR", "REV", "REVEREND"]
        while words.count >= 3 || words.count == 2 && ["MLK", "MLKING", "JFK"].contains(words[1]),
            titles.contains(words[0])
        {
            words.removeFirst()
        }
        if words.count >= 2, ["JR", "JUNIOR", "SR"].contains(words[words.count - 1]) { words.removeLast() }
        let text = words.joined()
        if ["MLK", "MLKING", "MLUTHERKING", "MARTINLKING", "MARTINLUTHERKING"].contains(text) {
            return ["MARTIN", "LUTHER", "KING"]
        }
        return ["JFK", "JFKENNEDY", "JOHNFKENNEDY"].contains(text) ? ["JOHN", "F", "KENNEDY"] : words
    }
}
