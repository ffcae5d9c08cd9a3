/// What comes behind the street: `Apt 4`, `Ste 210`, `# 3`, `16th Floor`, `Rear` (USPS Publication 28, section 213 and
/// appendix C2). The house is the same with and without it.
enum UnitDesignator {
    /// Words that are hardly ever a street's: whatever follows belongs to the unit.
    private static let sure: Set = [
        "APT", "APTS", "APARTMENT", "APARTMENTS", "APPT", "APMT", "APTMT", "BLDG", "BLDNG", "BLD", "BLG", "BUILDING",
        "DEPT", "DEPARTMENT", "FL", "FLOOR", "FLR", "RM", "ROOM", "STE", "SUITE", "SUIT", "UNIT", "UNT", "UN", "PMB",
        "MAILBOX", "MAILSTOP", "CONDO", "DORM", "LEVEL", "LVL", "NUM", "NBR", "NUMBER", "NO", "POBOX", "POB",
    ]
    /// Words that streets have in their names too: a unit's only where nothing follows but its number.
    private static let perhaps: Set = [
        "HNGR", "HANGAR", "KEY", "LOT", "LT", "PIER", "SLIP", "SPC", "SPACE", "SP", "STOP", "TRLR", "TRAILER", "BOX",
        "BX", "PH", "PENTHOUSE", "OFC", "OFFICE", "BSMT", "BASEMENT", "LBBY", "LOBBY", "REAR", "FRNT", "FRONT", "SIDE",
        "UPPR", "UPPER", "LOWR", "LOWER", "TOWER", "TWR", "WING", "CABIN", "COTTAGE", "COTT", "SITE", "STALL", "BAY",
        "DOCK", "BERTH", "GATE", "DOOR", "VILLA", "FLAT", "STUDIO", "LOFT", "HOUSE", "HSE", "CTG", "AP", "SU", "MS",
        "PHASE", "ENTRANCE", "TOWNHOUSE", "BARN", "POD", "QTRS", "BLK", "BLOCK",
    ]
    private static let alone: Set = [
        "BSMT", "BASEMENT", "FRNT", "FRONT", "LBBY", "LOBBY", "LOWR", "LOWER", "OFC", "OFFICE", "PH", "PENTHOUSE",
        "REAR", "SIDE", "UPPR", "UPPER", "UPSTAIRS", "DOWNSTAIRS", "UPSTRS", "ATTIC", "GARAGE", "MEZZANINE", "MEZZ",
        "LEFT", "RIGHT", "UP", "DOWN", "DN", "APT", "UNIT", "STE", "SUITE", "BLDG", "TRLR", "STUDIO",
    ]
    /// `16th Floor`, `Ground Fl`, `Lower Level`, `Rear Unit`
    private static let floors: Set = ["FL", "FLOOR", "FLR", "FLOORS", "LEVEL", "LVL", "STORY", "FLAT"]
    private static let whichFloor: Set = [
        "GROUND", "MAIN", "TOP", "UPPER", "LOWER", "GARDEN", "STREET", "MEZZANINE", "UPPR", "LOWR", "GRD", "GRND",
        "BOTTOM",
        "ENTIRE", "WHOLE",
    ]
    private static let sides: Set = [
        "REAR", "FRONT", "FRNT", "UPPER", "UPPR", "LOWER", "LOWR", "SIDE", "BACK", "BASEMENT",
        "BSMT", "LEFT", "RIGHT", "MIDDLE", "DOWNSTAIRS", "UPSTAIRS", "GARAGE",
    ]
    private static let dwellings: Set = ["APT", "APARTMENT", "UNIT", "HOUSE", "BLDG", "BUILDING", "STE", "SUITE"]
    /// Designators that are written together with their number: `Apt4`, `STE-100`.
    private static let glued: Set = [
        "APT", "APARTMENT", "STE", "SUITE", "UNIT", "BLDG", "BUILDING", "RM", "ROOM", "FL", "FLOOR", "FLR", "LOT",
        "SPC",
        "SPACE", "TRLR", "PH", "PMB", "POBOX", "BOX", "NO", "DEPT", "UN", "SP", "SLIP", "LVL", "LEVEL",
    ]

    /// The words of a street without those of the unit, and whether there was one. A designator's word is a name where
    /// it stands first (`Front St`), or nothing that could be a unit's follows (`Old Pier Rd`).
    static func kept(of words: [AddressWord]) -> (words: [AddressWord], hasUnit: Bool) {
        var kept = words
        var index = 0
        while index < kept.count {
            let count = length(at: index, in: kept.map(\.text))
            if count == 0 {
                if let split = suffixAndUnit(kept[index]), index > 0 { return (Array(kept[..<index]) + [split], true) }
                index += 1
            } else if index == 0 {
                // `123 Apt 4 Main St`
                let name = kept.dropFirst(count).map(\.text)
                guard
                    name.contains(where: {
                        $0.count > 1 && $0.allSatisfy(\.isLetter) && Directional.standard($0) == nil
                    })
                else { return (kept, false) }
                kept.removeFirst(count)
                return (self.kept(of: kept).words, true)
            } else {
                return (Array(kept[..<index]), true)
            }
        }
        return (kept, false)
    }

    /// How many words the unit takes that begins there, 0 for none.
    private static func length(at index: Int, in words: [String]) -> Int {
        let before = words[..<index]
        let word = words[index]
        func next(_ offset: Int) -> String { index + offset < words.count ? words[index + offset] : "" }
        let isFirst = index == 0
        let isNamed = before.contains { Directional.standard($0) == nil && $0 != "OLD" }
        if word == "#" {
            if !isFirst, NumberedRoad.isKind(before), next(1).first?.isNumber == true { return 0 }
            return isFirst ? (isIdentifier(next(1)) ? 2 : 0) : 1
        }
        if ["NO", "NUMBER", "NUM", "NBR"].contains(word) {
            guard next(1).first?.isNumber == true || next(1) == "#", NumberWords.number(ofOrdinal: next(1)) == nil
            else { return 0 }
            return !isFirst && NumberedRoad.isKind(before) ? 0 : 2
        }
        if ["C/O", "ATTN", "ATTENTION"].contains(word) { return isFirst ? 0 : 1 }
        if word == "PO" || word == "P" && next(1) == "O", next(1) == "BOX" || next(2) == "BOX", isNamed { return 2 }
        if isRoute(word, next(1)), isNamed,
            before.last.map({ StreetSuffix.closing.contains(StreetSuffix.standard($0) ?? "") }) == true
        {
            return 2
        }
        if sure.contains(word) {
            if ["#", "NO", "NUMBER"].contains(next(1)) { return isFirst ? 3 : 2 }
            if isIdentifier(next(1)) { return isFirst && !isSureInFront(word) ? 0 : 2 }
            // `Suite One`, `Apt Rear`, `Unit BB`
            let isLast = index + 2 == words.count
            if isNamed, isLast,
                NumberWords.cardinal(next(1)) != nil || alone.contains(next(1))
                    || next(1).count == 2 && StreetSuffix.standard(next(1)) == nil
            {
                return 2
            }
        }
        if isFirst { return gluedIdentifier(word).map { isSureInFront($0) ? 1 : 0 } ?? 0 }
        if floors.contains(next(1)), isNamed, index + 2 == words.count || isUnit(after: index + 2, in: words),
            NumberWords.isOrdinal(word) || whichFloor.contains(word) || NumberWords.cardinal(word) != nil
                || word.allSatisfy(\.isNumber)
        {
            return 2
        }
        if sides.contains(word), dwellings.contains(next(1)), isNamed { return 2 }
        if perhaps.contains(word), isNamed || index > 1 {
            let count = next(1) == "#" ? 3 : 2
            if isIdentifier(next(count - 1)), isEnd(index + count, in: words) { return count }
        }
        if gluedIdentifier(word) != nil, isNamed { return 1 }
        if alone.contains(word), index + 1 == words.count {
            let isHouse = ["REAR", "BSMT", "BASEMENT", "LBBY", "LOBBY", "PENTHOUSE", "PH", "UPSTAIRS", "DOWNSTAIRS"]
                .contains(word)
            return isNamed && (index >= 2 || isHouse) ? 1 : 0
        }
        return index + 1 == words.count && isBareUnit(word, behind: before) ? 1 : 0
    }

    /// Whether a unit's number ends the line, or another unit, or a letter of it, follows: `Bldg 4 Apt 2`, `Lot 4 B`.
    private static func isEnd(_ index: Int, in words: [String]) -> Bool {
        index >= words.count || index + 1 == words.count && isIdentifier(words[index])
            || isUnit(after: index, in: words)
    }

    private static func isUnit(after index: Int, in words: [String]) -> Bool {
        guard index < words.count else { return false }
        let word = words[index]
        return word == "#" || sure.contains(word) || perhaps.contains(word) || sides.contains(word)
            || gluedIdentifier(word) != nil || ["N", "S", "E", "W", "EAST", "WEST", "NORTH", "SOUTH"].contains(word)
    }

    /// In front of a street's name only these are a unit's: `Apt 4 Main St`.
    private static func isSureInFront(_ word: String) -> Bool {
        ["APT", "APARTMENT", "UNIT", "STE", "SUITE", "BLDG", "BUILDING", "RM", "ROOM", "PMB", "LOT", "BSMT"].contains(
            word)
    }

    /// `RR 2 Box 15` behind a street.
    private static func isRoute(_ word: String, _ next: String) -> Bool {
        ["RR", "RFD", "HC", "HCR"].contains(word) && next.first?.isNumber == true
    }

    /// `123 Main St 4B` and `123 Main St B`, but not `N Avenue 64`, which has no name but the number.
    private static func isBareUnit(_ word: String, behind street: ArraySlice<String>) -> Bool {
        var street = street
        if street.count > 1, let last = street.last, Directional.standard(last) != nil { street.removeLast() }
        guard let last = street.last, StreetSuffix.closing.contains(StreetSuffix.standard(last) ?? "") else {
            return false
        }
        let isIdentifier =
            word.contains(where: \.isNumber) ? isIdentifier(word) : word.count == 1 && Directional.standard(word) == nil
        return isIdentifier && street.dropLast().contains { Directional.standard($0) == nil }
    }

    /// `ST-12C`, which lacks its blanks.
    private static func suffixAndUnit(_ word: AddressWord) -> AddressWord? {
        guard let hyphen = word.text.firstIndex(of: "-"), case let first = String(word.text[..<hyphen]),
            StreetSuffix.closing.contains(StreetSuffix.standard(first) ?? ""),
            isIdentifier(String(word.text[hyphen...].dropFirst()))
        else { return nil }
        return word.split(behind: first.count, skipping: 1).0
    }

    /// The designator of `APT4`, `STE-100`, `UNIT-B`.
    private static func gluedIdentifier(_ word: String) -> String? {
        if let hyphen = word.firstIndex(of: "-") {
            let first = String(word[..<hyphen])
            return glued.contains(first) && isIdentifier(String(word[hyphen...].dropFirst())) ? first : nil
        }
        let letters = String(word.prefix(while: \.isLetter))
        guard letters.count < word.count else { return nil }
        if glued.contains(letters) { return letters }
        // `APTB4`
        let shorter = String(letters.dropLast())
        return ["APT", "STE", "SUITE", "UNIT", "BLDG"].contains(shorter) ? shorter : nil
    }

    /// The words of a line without the unit in front of its house number: `Apt 4, 123 Main St`, `#4 123 Main St`, `Rear
    /// 123 Main St`. `#123 Main St` has none, but a sign.
    static func keptBehindFront(of words: [AddressWord]) -> [AddressWord] {
        func text(_ index: Int) -> String { index < words.count ? words[index].text : "" }
        func isNumber(_ index: Int) -> Bool { text(index).first?.isNumber == true }
        guard let first = words.first?.text else { return words }
        let isSign = ["#", "NO", "NUMBER"].contains(first)
        if isSign || sure.contains(first) || perhaps.contains(first) {
            let count = ["#", "NO"].contains(text(1)) ? 3 : 2
            if isIdentifier(text(count - 1)), isNumber(count), words.count > count + 1 {
                return keptBehindFront(of: Array(words.dropFirst(count)))
            }
        }
        if isSign, isNumber(1), words.count > 2 { return Array(words.dropFirst()) }
        if gluedIdentifier(first) != nil, isNumber(1), words.count > 2 {
            return keptBehindFront(of: Array(words.dropFirst()))
        }
        if floors.contains(text(1)), NumberWords.isOrdinal(first) || whichFloor.contains(first), isNumber(2),
            words.count > 3
        {
            return Array(words.dropFirst(2))
        }
        if alone.contains(first), isNumber(1), words.count > 2, NumberWords.number(ofOrdinal: text(1)) == nil {
            return Array(words.dropFirst())
        }
        return words
    }

    /// Whether the word may be a unit's at the end of a line.
    static func isBare(_ word: String) -> Bool { isIdentifier(word) || alone.contains(word) }

    /// Whether the word says which side of a house.
    static func isSide(_ word: String) -> Bool { sides.contains(word) }

    /// Whether all of a part is a unit: `Apt 4`, `12C`, `16th Floor`.
    static func isAll(_ words: [AddressWord]) -> Bool {
        guard let first = words.first?.text else { return true }
        if words.count == 1 { return isIdentifier(first) || alone.contains(first) || gluedIdentifier(first) != nil }
        // Behind a street that is none.
        let street = [
            AddressWord(text: "X", gap: .space, range: 0..<0), AddressWord(text: "ST", gap: .space, range: 0..<0),
        ]
        return kept(of: street + words).words.count == 2
    }

    /// `4`, `4B`, `B4`, `B`, `4-B`.
    static func isIdentifier(_ word: String) -> Bool {
        word.count == 1 && word != "#"
            || word.count <= 8 && word.contains(where: \.isNumber) && NumberWords.number(ofOrdinal: word) == nil
    }
}
