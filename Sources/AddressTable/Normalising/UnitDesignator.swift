/// What comes behind the street: `Apt 4`, `Ste 210`, `# 3`, `16th Floor`, `Rear` (USPS Publication 28, section 213 and
/// appendix C2). The house is the same with and without it.
///
/// Behind a whole street (`Cedar St`, `Highway 50`) each of the words below is a unit's. Behind a mere name many may
/// belong to it: `Cedar Bay #4` is on Cedar Bay, and no `Bay #4` on `Cedar St`.
enum UnitDesignator {
    /// How sure it is that a unit begins at a word.
    private enum Certainty {
        case sure
        /// Behind a name: it is one if the table has a street of just that name.
        case likely
        /// Rather a word of the street's name.
        case perhaps
    }

    /// The words of a street without a unit.
    struct Kept {
        var words: [AddressWord]
        var hasUnit = false
        /// With a designator that may belong to the name, where it was taken away.
        var withDesignator: [AddressWord]?
        /// Without one that was left, as it rather belongs to the name.
        var shorter: [AddressWord]?
    }

    /// The words of a street without those of the unit, and whether there was one. A designator's word is a name where
    /// it stands first (`Front St`), or nothing that could be a unit's follows (`Old Pier Rd`).
    static func kept(of words: [AddressWord]) -> Kept { kept(of: words, mayTakeNames: true) }

    private static func kept(of words: [AddressWord], mayTakeNames: Bool) -> Kept {
        var kept = Kept(words: words)
        var index = 0
        while index < kept.words.count {
            let texts = kept.words.map(\.text)
            let (count, certainty) = unit(at: index, in: texts)
            if count == 0 {
                if index > 0, let split = suffixAndUnit(kept.words[index]) {
                    (kept.words, kept.hasUnit) = (Array(kept.words[..<index]) + [split], true)
                    return kept
                }
                index += 1
            } else if index == 0 {
                // `123 Apt 4 Main St`
                let name = texts.dropFirst(count)
                guard
                    name.contains(where: {
                        $0.count > 1 && $0.allSatisfy(\.isLetter) && Directional.standard($0) == nil
                    })
                else { return kept }
                var rest = self.kept(of: Array(kept.words.dropFirst(count)))
                rest.hasUnit = true
                return rest
            } else if certainty == .perhaps || certainty == .likely && !mayTakeNames {
                if certainty == .perhaps, kept.shorter == nil { kept.shorter = Array(kept.words[..<index]) }
                index += 1
            } else {
                if certainty == .likely { kept.withDesignator = self.kept(of: words, mayTakeNames: false).words }
                (kept.words, kept.hasUnit) = (Array(kept.words[..<index]), true)
                return kept
            }
        }
        return kept
    }

    /// How many words the unit takes that begins there, 0 for none, and how sure it is.
    private static func unit(at index: Int, in words: [String]) -> (count: Int, certainty: Certainty) {
        let count = length(at: index, in: words)
        let (before, word) = (words[..<index], words[index])
        guard count > 0, index > 0, perhaps.contains(word) || alone.contains(word) || sides.contains(word),
            !sure.contains(word), !endsAsStreet(before)
        else { return (count, .sure) }
        if names.contains(word) { return (count, .perhaps) }
        // `Cedar Run Lot 5`
        let isWhole = before.count > 1 && before.last.map { StreetSuffix.standard($0) != nil } == true
        return (count, isWhole ? .sure : .likely)
    }

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
            // `No L2`
            let isLettered = isIdentifier(next(1)) && next(1).last?.isNumber == true && endsAsStreet(before)
            guard next(1).first?.isNumber == true || next(1) == "#" || isLettered,
                NumberWords.number(ofOrdinal: next(1)) == nil
            else { return 0 }
            return !isFirst && NumberedRoad.isKind(before) ? 0 : 2
        }
        if ["C/O", "ATTN", "ATTENTION"].contains(word) { return isFirst ? 0 : 1 }
        if word == "PO" || word == "P" && next(1) == "O", next(1) == "BOX" || next(2) == "BOX", isNamed { return 2 }
        if isRoute(word, next(1)), isNamed, ["BOX", "BX"].contains(next(2)) { return 2 }
        if isRoute(word, next(1)), isNamed,
            before.last.map({ StreetSuffix.closing.contains(StreetSuffix.standard($0) ?? "") }) == true
        {
            return 2
        }
        if sure.contains(word) {
            if ["#", "NO", "NUMBER", "NUM", "NBR"].contains(next(1)) { return isFirst ? 3 : 2 }
            if isIdentifier(next(1)) { return isFirst && !isSureInFront(word) ? 0 : 2 }
            // `Fl. 4th`, `Apt East`
            if isNamed, floors.contains(word), NumberWords.isOrdinal(next(1)), isEnd(index + 2, in: words) { return 2 }
            if isNamed, index + 2 == words.count, Directional.standard(next(1)) != nil { return 2 }
            if isNamed, index + 3 == words.count, Directional.standard(next(1), next(2)) != nil { return 3 }
            // `Apt 2nd Floor`
            if isNamed, NumberWords.isOrdinal(next(1)), floors.contains(next(2)) { return 3 }
            // `Suite One`, `Apt Rear`, `Unit BB`, and behind a whole street `Apt Main`
            let isLast = index + 2 == words.count
            if isNamed, isLast,
                NumberWords.cardinal(next(1)) != nil || alone.contains(next(1))
                    || (next(1).count == 2 || endsAsStreet(before)) && StreetSuffix.standard(next(1)) == nil
            {
                return 2
            }
        }
        if isFirst { return gluedIdentifier(word).map { isSureInFront($0) ? 1 : 0 } ?? 0 }
        if isNamed, let count = floor(at: index, in: words) { return count }
        if sides.contains(word), dwellings.contains(next(1)), isNamed { return 2 }
        if perhaps.contains(word), isNamed || index > 1 {
            let count = next(1) == "#" ? 3 : 2
            if isIdentifier(next(count - 1)), isEnd(index + count, in: words) { return count }
        }
        if endsAsStreet(before), let count = behindStreet(at: index, in: words) { return count }
        if gluedIdentifier(word) != nil, isNamed { return 1 }
        if alone.contains(word), index + 1 == words.count {
            let isHouse = ["REAR", "BSMT", "BASEMENT", "LBBY", "LOBBY", "PENTHOUSE", "PH", "UPSTAIRS", "DOWNSTAIRS"]
                .contains(word)
            return isNamed && (index >= 2 || isHouse) ? 1 : 0
        }
        return index + 1 == words.count && isBareUnit(word, behind: before) ? 1 : 0
    }

    /// How many words a floor takes: `16th Floor`, `Twenty-third Floor`, `23 rd Floor`, `2d Floor`, `Ground Floor`.
    private static func floor(at index: Int, in words: [String]) -> Int? {
        func word(_ offset: Int) -> String { index + offset < words.count ? words[index + offset] : "" }
        func isFloor(_ count: Int) -> Bool {
            floors.contains(word(count))
                && (index + count + 1 == words.count || isUnit(after: index + count + 1, in: words))
        }
        let first = word(0)
        let isNumber = first.allSatisfy(\.isNumber)
        if isFloor(1) {
            let isWhich =
                NumberWords.isOrdinal(first) || whichFloor.contains(first) || NumberWords.cardinal(first) != nil
                || isNumber || first.last == "D" && Int(first.dropLast()) != nil
                || NumberWords.inDigits(first.split(separator: "-").map(String.init)).joined().hasDigitsOfAnOrdinal
            if isWhich { return 2 }
        }
        guard isFloor(2) else { return nil }
        let isApart = isNumber && ["ST", "ND", "RD", "TH"].contains(word(1))
        return isApart || NumberWords.inDigits([first, word(1)]).count == 1 ? 3 : nil
    }

    /// What is a unit only behind a whole street: `TH 4`, `Mail Stop 4`, `Guest House`, `East Tower`, `PHB`.
    private static func behindStreet(at index: Int, in words: [String]) -> Int? {
        func word(_ offset: Int) -> String { index + offset < words.count ? words[index + offset] : "" }
        let (first, isPair) = (word(0), index + 2 == words.count)
        if behindStreet.contains(first), isIdentifier(word(1)), isEnd(index + 2, in: words) { return 2 }
        if first == "MAIL", ["STOP", "CODE", "DROP"].contains(word(1)), isIdentifier(word(2)),
            isEnd(index + 3, in: words)
        {
            return 3
        }
        if isPair, whichHouse.contains(first), houses.contains(word(1)) { return 2 }
        // `Left Side`, `Mobile Home 6`, `Private Mailbox 12`, `4 Bldg 2`
        if isPair, sides.contains(first), word(1) == "SIDE" { return 2 }
        if isPair, first == "IN", sides.contains(word(1)) { return 2 }
        if ["MOBILE HOME", "PRIVATE MAILBOX", "MAIL BOX"].contains("\(first) \(word(1))"), isIdentifier(word(2)),
            isEnd(index + 3, in: words)
        {
            return 3
        }
        if first.first?.isNumber == true, isIdentifier(first), sure.contains(word(1)), word(1) != "RM",
            isIdentifier(word(2)),
            isEnd(index + 3, in: words), !NumberedRoad.isKind(words[..<index])
        {
            return 1
        }
        // `Main St East Bldg 4` is building 4 on Main St E.
        let isWhole = isPair || sure.contains(word(2)) || word(2) == "#"
        if isWhole, first.count > 2, Directional.standard(first) != nil, parts.contains(word(1)) { return 2 }
        if isPair, parts.contains(first) || first == "PENTHOUSE", Directional.standard(word(1)) != nil { return 2 }
        // `Main St 4 N` is the northern flat on the fourth floor, `US Highway 4 N` and `N Avenue 64 N` are roads.
        if isPair, first.allSatisfy(\.isNumber), word(1).count == 1, Directional.standard(word(1)) != nil,
            !NumberedRoad.isKind(words[..<index]), hasName(words[..<index]),
            !["NO", "NUMBER", "NUM", "NBR", "#"].contains(words[index - 1])
        {
            return 2
        }
        // `Main St St 1400`
        if first == "ST", word(1).allSatisfy(\.isNumber), isEnd(index + 2, in: words), hasName(words[..<index]) {
            return 2
        }
        if index + 1 == words.count, aloneBehindStreet.contains(first) { return 1 }
        let isPenthouse = first.count == 3 && first.hasPrefix("PH") || first == "LPH" || first == "UPH"
        return isPenthouse && index + 1 == words.count ? 1 : nil
    }

    /// Whether the words say more than kinds, directionals and numbers.
    private static func hasName(_ words: ArraySlice<String>) -> Bool {
        words.contains {
            Directional.standard($0) == nil && StreetSuffix.standard($0) == nil && $0.contains(where: \.isLetter)
        }
    }

    /// Whether a number behind that word is a unit's: `Suite 100`.
    static func isBeforeNumber(_ word: String) -> Bool {
        sure.contains(word) || perhaps.contains(word) || behindStreet.contains(word) || word == "#"
    }

    /// Whether a number behind these words is their unit's: `Suite 100`, and not `10th Floor 100`.
    static func isBeforeNumber(_ words: ArraySlice<String>) -> Bool {
        guard let last = words.last, isBeforeNumber(last) else { return false }
        guard floors.contains(last), let which = words.dropLast().last else { return true }
        return !NumberWords.isOrdinal(which) && !which.allSatisfy(\.isNumber) && !whichFloor.contains(which)
    }

    /// Whether names of streets end in that word too: `Ocean Side`.
    static func isOfNames(_ word: String) -> Bool { names.contains(word) }

    /// Whether the words are a street with its name and its kind: `Main St`, `N Main Rd`, `Main St NW`, `Highway 50`,
    /// `Avenue B`, `400 E`.
    static func endsAsStreet(_ words: ArraySlice<String>) -> Bool {
        var words = words
        if words.count > 1, let last = words.last, Directional.standard(last) != nil {
            if words.dropLast().last?.allSatisfy(\.isNumber) == true { return true }
            if words.count > 2 { words.removeLast() }
        }
        if words.count > 1,
            words.last.map({ StreetSuffix.usual.contains(StreetSuffix.standard($0) ?? "") }) == true
        {
            return true
        }
        if words.count > 2, let first = words.first, Directional.standard(first) != nil { words.removeFirst() }
        guard words.count > 1, let first = words.first, let last = words.last else { return false }
        let isLettered = ["AVENUE", "AVE", "CALLE"].contains(first) && words.count == 2 && last.count <= 2
        return isLettered || NumberedRoad.read(Array(words)) != nil
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

    /// `ST-12C`, `ST/APT` and `RD-SUITE`, which lack their blanks. `RD-12` is rather a numbered road.
    private static func suffixAndUnit(_ word: AddressWord) -> AddressWord? {
        guard let hyphen = word.text.firstIndex(where: { $0 == "-" || $0 == "/" }),
            case let first = String(word.text[..<hyphen]), let suffix = StreetSuffix.standard(first),
            case let unit = String(word.text[hyphen...].dropFirst()),
            StreetSuffix.closing.contains(suffix) && isIdentifier(unit)
                || StreetSuffix.usual.contains(suffix) && (sure.contains(unit) || gluedIdentifier(unit) != nil)
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
        // `Apt 4/901 Bagby St`
        if words.count > 3, sure.contains(words[0].text), case let parts = words[1].text.split(separator: "/"),
            parts.count == 2, parts[1].count > 1, parts[1].allSatisfy(\.isNumber), isIdentifier(String(parts[0]))
        {
            return [words[1].split(behind: parts[0].count, skipping: 1).1] + words.dropFirst(2)
        }
        func text(_ index: Int) -> String { index < words.count ? words[index].text : "" }
        func isNumber(_ index: Int) -> Bool { text(index).first?.isNumber == true }
        guard let first = words.first?.text else { return words }
        let isSign = ["#", "NO", "NUMBER", "NUM", "NBR", "HOUSE", "HSE"].contains(first)
        if isSign || sure.contains(first) || perhaps.contains(first) {
            let count = ["#", "NO"].contains(text(1)) ? 3 : 2
            if isIdentifier(text(count - 1)), words.count > count + 1 {
                let rest = Array(words.dropFirst(count))
                // `Bldg 4 Apt 2 123 Main St`
                if isNumber(count) || keptBehindFront(of: rest).count < rest.count { return keptBehindFront(of: rest) }
                // `Suite 100 Oak St` has no house number.
                if sure.contains(first), !isSign, endsAsStreet(rest.map(\.text)[...]) { return rest }
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
        if alone.contains(first), !sure.contains(first), isNumber(1), words.count > 2,
            NumberWords.number(ofOrdinal: text(1)) == nil
        {
            return Array(words.dropFirst())
        }
        return words
    }

    /// Whether the word may be a unit's at the end of a line.
    static func isBare(_ word: String) -> Bool { isIdentifier(word) || alone.contains(word) }

    /// Whether the word in front of a street's name says which side of a house.
    static func isSideInFront(_ word: String) -> Bool { sidesInFront.contains(word) }

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

    /// `4`, `4B`, `B4`, `B`, `4-B`, `100-102`, `A/B`, `One-A`.
    static func isIdentifier(_ word: String) -> Bool {
        if word.count == 1 { return word != "#" }
        if word.count <= (word.contains("-") ? 9 : 8), word.contains(where: \.isNumber) {
            return NumberWords.number(ofOrdinal: word) == nil
        }
        let parts = word.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "/" }.map(String.init)
        guard parts.count == 2, word != "C/O", word != "N/A" else { return false }
        return parts.allSatisfy { $0.count == 1 || NumberWords.cardinal($0) != nil }
    }
}

extension String {
    /// `23RD`
    fileprivate var hasDigitsOfAnOrdinal: Bool { NumberWords.number(ofOrdinal: self) != nil }
}
