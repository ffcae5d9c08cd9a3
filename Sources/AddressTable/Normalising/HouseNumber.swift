import Contracts

/// A house number: what it counts, and what else is in it.
package struct HouseNumber: Sendable, Hashable {
    /// Numbers of one series ascend along a street together. Empty for nearly all; the letter of the axis where a
    /// grid's number counts along it: `W` of `N57W27841` (Wisconsin) and of `W3985`, `00W` of `29W991` (Illinois).
    package var series: String
    /// The part that ascends along the street. Of `30-56`, as Queens and Hawaii have it, all digits: people leave the
    /// hyphen out. Of `29W991` too: there are a thousand numbers to the mile.
    package var number: Int
    /// The rest: `A` of `123A`, `1/2`; `-905` of `901-905`; with a colon behind it what stands in front, `N57:`; empty
    /// for none.
    package var rest: String

    static let highest = 99_999_999
    /// Bytes of the longest text that is read as a number: geocoders answer what they like.
    static let longest = 100
    /// Words that files and forms have for "none".
    package static let none: Set = [
        "NULL", "NONE", "NAN", "N/A", "NA", "UNKNOWN", "<NULL>", "NIL", "-", "--", "0",
        "\\N", "(NULL)", "(NONE)", "<NONE>", "#N/A",
    ]

    package init(series: String = "", number: Int, rest: String = "") {
        self.series = series
        self.number = number
        self.rest = rest
    }

    /// - Parameters:
    ///   - text: a house number alone, as a file's column has it.
    ///   - joinsHyphens: see `joinsHyphens(zip:state:)`.
    /// - Returns: `nil` for what has no number, for 0, which files write for none, and for what is longer than any.
    package init?(_ text: String, joinsHyphens: Bool = false) {
        // `-901` is a slip, and nobody's number.
        guard text.utf8.count <= Self.longest, text.first(where: { $0 != " " }) != "-" else { return nil }
        var words = AddressWords.of(text)[...]
        if let first = words.first, ["#", "NO", "NUMBER"].contains(first.text) { words.removeFirst() }
        if let (number, count) = NumberWords.spelled(words.map(\.text)), count == words.count {
            self.init(number: number)
            return
        }
        guard
            let (number, count) = Self.taken(from: words, isLine: false, joinsHyphens: joinsHyphens)
                ?? words.first.flatMap({ Self.lettered($0.text) }).map({ ($0, 1) })
        else { return nil }
        self = number
        let behind = Array(words.dropFirst(count))
        // `12 APT 4`, but not `12 REAR`, which is a house of its own.
        let more = behind.count > 1 && UnitDesignator.isAll(behind) ? [] : behind.map(\.text).filter { $0 != "#" }
        // `9.01E+02`, `1, 901`: what follows is no part of a number.
        guard more.allSatisfy({ $0.allSatisfy(\.isLetter) && $0 != "AND" || Self.isLetters($0) || Self.isFraction($0) })
        else { return nil }
        if !more.isEmpty {
            rest += rest.isEmpty || more[0].count == 1 ? more.joined(separator: " ") : " " + more.joined(separator: " ")
        }
        guard !Self.isSpoiled(rest) else { return nil }
    }

    /// Whether a spreadsheet has made a date or a power of ten of the number: `1-Sep` for `9-1`, `2024-09-01`, `1E3`.
    private static func isSpoiled(_ rest: String) -> Bool {
        let letters = rest.prefix(while: \.isLetter)
        if letters == "E", rest.count > 1, rest.dropFirst().allSatisfy(\.isNumber) { return true }
        if months.contains(String(letters)) { return true }
        return rest.hasPrefix("-") && rest.dropFirst().contains("-")
            || rest.first?.isNumber == true && rest.contains("-")
    }

    private static let months: Set = [
        "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
    ]

    /// Where hyphens stand inside house numbers: `30-56` is one house, not those from 30 to 56. So it is in Queens, in
    /// Hawaii and in Fair Lawn, New Jersey; elsewhere `12-14` is one building of several numbers.
    package static func joinsHyphens(zip: Int, state: String) -> Bool {
        state == "HI" || [11004, 11005, 7410].contains(zip) || [111, 113, 114, 116].contains(zip / 100)
            || [967, 968].contains(zip / 100)
    }

    /// Whether both are one house, written in two ways: by value, with a number within a building's range as that
    /// building.
    package func isSame(as other: HouseNumber) -> Bool {
        guard series == other.series else { return false }
        if self == other { return true }
        return !isBlock && contains(other) || !other.isBlock && other.contains(self) || isPair(joinedAs: other)
            || other.isPair(joinedAs: self)
    }

    /// Whether this is `30-56` or `94-1234`, as Queens and Hawaii have them, and the other the same without the hyphen.
    /// A geocoder that answers so means that; in a table the place decides.
    private func isPair(joinedAs other: HouseNumber) -> Bool {
        guard rest.first == "-", other.rest.isEmpty, (10...999).contains(number), (3...5).contains(rest.utf8.count)
        else {
            return false
        }
        return Int("\(number)\(rest.dropFirst())") == other.number
    }

    /// Whether both are doors of one house: the same number, with another letter or a half behind it.
    package func isDoor(of other: HouseNumber) -> Bool {
        let (own, others) = (parts, other.parts)
        return series == other.series && number == other.number && own.front == others.front
            && Self.isDoor(own.behind) && (Self.isDoor(others.behind) || other.isBuilding)
    }

    private static func isDoor(_ rest: String) -> Bool {
        rest.isEmpty || isLetters(rest) || rest.allSatisfy(\.isLetter) || isFraction(String(rest.prefix(3)))
    }

    /// What stands before the number, and what behind it.
    private var parts: (front: String, behind: String) {
        guard let colon = rest.firstIndex(of: ":") else { return ("", rest) }
        return (String(rest[..<colon]), String(rest[colon...].dropFirst()))
    }

    /// Whether this is a range, and the other a number of its building.
    package func contains(_ other: HouseNumber) -> Bool {
        // `1234A-B` has a door A and a door B.
        let doors = rest.split(separator: "-")
        if series == other.series, number == other.number, doors.count == 2, Self.isLetters(rest),
            other.rest.count == 1, doors[0] <= other.rest, other.rest <= doors[1]
        {
            return true
        }
        guard series == other.series, other.rest.isEmpty, let last, number <= other.number, other.number <= last
        else { return false }
        // From 901 to 905 there is no 902: that is on the other side of the street.
        return other.number == last || !(last - number).isMultiple(of: 2) || (other.number - number).isMultiple(of: 2)
    }

    /// Numbers from the first to the last that one building has at most; more are a block of houses.
    static let longestBuilding = 20

    /// Whether it is a range that one building can have.
    package var isBuilding: Bool { last.map { $0 - number <= Self.longestBuilding } ?? false }

    /// Whether it is a range of a whole block: `1001-1099`.
    package var isBlock: Bool { last.map { $0 - number > Self.longestBuilding } ?? false }

    /// The last number of a range.
    package var last: Int? {
        guard rest.first == "-", let end = Int(rest.dropFirst()), end > number, end - number <= 998 else { return nil }
        return end
    }

    package var text: String {
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        let prefix = parts.count > 1 ? parts[0] : ""
        let suffix = parts.last ?? ""
        let gap = suffix.contains("/") && suffix.first?.isNumber == true ? " " : ""
        if series.hasPrefix("00") {
            return "\(number / 1000)\(series.dropFirst(2))\(String(number % 1000, width: 3))\(gap)\(suffix)"
        }
        return "\(prefix)\(series)\(number)\(gap)\(suffix)"
    }
}

// MARK: - Reading

extension HouseNumber {
    /// The number that stands in front, and how many words it takes.
    /// - Parameter isLine: whether a street must follow. Then an ordinal is the street's name.
    static func taken(
        from words: ArraySlice<AddressWord>, isLine: Bool, joinsHyphens: Bool
    ) -> (HouseNumber, count: Int)? {
        guard let first = words.first?.text else { return nil }
        func word(_ offset: Int) -> String { words.dropFirst(offset).first?.text ?? "" }
        var (number, count): (HouseNumber, Int)
        if let grid = gridApart(words) ?? grid(first, word(1)) {
            (number, count) = grid
        } else if let plain = plain(first, isLine: isLine, joinsHyphens) {
            (number, count) = (plain, 1)
            if let range = rangeApart(words) { (number, count) = (range, 3) }
            // `100 - 104`
            if words.dropFirst().first?.gap == .dash, first.allSatisfy(\.isNumber), word(1).allSatisfy(\.isNumber),
                let range = Self.plain("\(first)-\(word(1))", isLine: false, joinsHyphens), words.count > 2
            {
                (number, count) = (range, 2)
            }
        } else {
            return nil
        }
        let next = word(count)
        if isFraction(next), number.last == nil {
            number.rest += next
            count += 1
        }
        guard (1...highest).contains(number.number), !isLine || words.count > count else { return nil }
        return (number, count)
    }

    /// `101 & 103`, `101 TO 103`
    private static func rangeApart(_ words: ArraySlice<AddressWord>) -> HouseNumber? {
        let texts = words.prefix(3).map(\.text)
        guard texts.count == 3, ["AND", "TO", "THRU", "THROUGH"].contains(texts[1]) else { return nil }
        return plainRange(texts[0], texts[2])
    }

    private static func plainRange(_ first: String, _ second: String) -> HouseNumber? {
        guard let low = Int(first), let high = Int(second), low < high, high - low <= 998, first.count == second.count
        else { return nil }
        return HouseNumber(number: low, rest: "-\(high)")
    }

    /// `123`, `123A`, `123-A`, `30-56`, `901-905`, `1231/2`.
    private static func plain(_ word: String, isLine: Bool, _ joinsHyphens: Bool) -> HouseNumber? {
        let digits = word.prefix(while: \.isNumber)
        guard !digits.isEmpty, digits.count <= 9, let number = Int(digits) else { return nil }
        var rest = word.dropFirst(digits.count)
        if rest.isEmpty { return HouseNumber(number: number) }
        if isLine, ["ST", "ND", "RD", "TH"].contains(rest) { return nil }
        if rest.first == "/" { return slashed(digits, rest.dropFirst()) }
        if rest.first == "-", rest.dropFirst().first?.isNumber == true, !isFraction(String(rest.dropFirst())) {
            let behind = rest.dropFirst().prefix(while: \.isNumber)
            let letters = rest.dropFirst(1 + behind.count)
            if letters.count <= 1, letters.allSatisfy(\.isLetter) {
                return hyphened(digits, number, behind, String(letters), joinsHyphens)
            }
            return HouseNumber(number: number, rest: String(rest))
        }
        if rest.first == "-" { rest = rest.dropFirst() }
        // `901Bagby` lacks a blank.
        if isLine, rest.prefix(while: \.isLetter).count > 2 { return nil }
        return HouseNumber(number: number, rest: String(rest))
    }

    /// `101/103`, and `1231/2` for 123 1/2.
    private static func slashed(_ digits: Substring, _ behind: Substring) -> HouseNumber? {
        if let range = plainRange(String(digits), String(behind)) { return range }
        let fraction = "\(digits.suffix(1))/\(behind)"
        guard digits.count > 1, isFraction(fraction), let number = Int(digits.dropLast()) else { return nil }
        return HouseNumber(number: number, rest: fraction)
    }

    /// `88-11A` where hyphens stand inside numbers is 8811 A. Elsewhere `901-5` is short for `901-905`, and of other
    /// pairs nobody knows what they are (a flat and a house, two houses, a block): they are only what is written so.
    private static func hyphened(
        _ digits: Substring, _ number: Int, _ behind: Substring, _ letter: String, _ joinsHyphens: Bool
    ) -> HouseNumber? {
        if joinsHyphens { return Int(digits + behind).map { HouseNumber(number: $0, rest: letter) } }
        guard letter.isEmpty, let second = Int(behind) else {
            return HouseNumber(number: number, rest: "-\(behind)\(letter)")
        }
        if digits.count > 2, behind.count < digits.count,
            let long = Int(digits.dropLast(behind.count) + behind), (1...longestBuilding).contains(long - number)
        {
            return HouseNumber(number: number, rest: "-\(long)")
        }
        return HouseNumber(number: number, rest: second > number ? "-\(second)" : "-\(behind)")
    }

    /// `A`, `A-B`
    static func isLetters(_ word: String) -> Bool {
        let parts = word.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count <= 2 && parts.allSatisfy { $0.count == 1 && $0.first?.isLetter == true }
    }

    static func isFraction(_ word: String) -> Bool {
        let parts = word.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count == 1, parts[1].count == 1, let top = Int(parts[0]),
            let bottom = Int(parts[1])
        else { return false }
        return top > 0 && top < bottom
    }

    // MARK: Grids

    /// `N57W27841`, in one word or two; `29W991`; `W3985`.
    private static func grid(_ first: String, _ second: String) -> (HouseNumber, Int)? {
        if let miles = miles(first) { return (miles, 1) }
        let whole = pieces(first)
        if whole.axes.count == 2 { return (number(whole.axes[0], whole.axes[1], whole.rest), 1) }
        guard whole.axes.count == 1 else { return nil }
        let one = whole.axes[0]
        if whole.rest.isEmpty, case let other = pieces(second), other.axes.count == 1 {
            return (number(one, other.axes[0], other.rest), 2)
        }
        return one.number > 99 ? (HouseNumber(series: one.letter, number: one.number, rest: whole.rest), 1) : nil
    }

    /// `N 57 W 27841 …`, and `N57W 27841 …`.
    private static func gridApart(_ words: ArraySlice<AddressWord>) -> (HouseNumber, Int)? {
        let texts = words.prefix(5).map(\.text)
        if texts.count > 2, let grid = gridApart(texts[0], texts[1]) { return grid }
        if let miles = milesInTwo(words) { return miles }
        // `W204 N 11912 Goldendale Rd`
        if texts.count > 3, texts[1].count == 1, pieces(texts[0]).axes.count == 1, pieces(texts[0]).rest.isEmpty,
            case let other = pieces(texts[1] + texts[2]), other.axes.first.map({ $0.number > 999 }) == true
        {
            return (number(pieces(texts[0]).axes[0], other.axes[0], other.rest), 3)
        }
        guard texts.count == 5 else { return nil }
        let (one, other) = (pieces(texts[0] + texts[1]), pieces(texts[2] + texts[3]))
        guard texts[0].count == 1, texts[2].count == 1, one.axes.count == 1, one.rest.isEmpty, other.axes.count == 1,
            other.axes[0].number > 999, Directional.standard(texts[4]) == nil
        else { return nil }
        return (number(one.axes[0], other.axes[0], other.rest), 4)
    }

    private static func gridApart(_ first: String, _ second: String) -> (HouseNumber, Int)? {
        guard let letter = first.last, "NSEW".contains(letter), second.allSatisfy(\.isNumber), let low = Int(second)
        else { return nil }
        let one = pieces(String(first.dropLast()))
        guard one.axes.count == 1, one.rest.isEmpty else { return nil }
        return (number(one.axes[0], (String(letter), low), ""), 2)
    }

    private static func number(
        _ one: (letter: String, number: Int), _ other: (letter: String, number: Int), _ rest: String
    ) -> HouseNumber {
        HouseNumber(series: other.letter, number: other.number, rest: "\(one.letter)\(one.number):\(rest)")
    }

    /// Letters of the compass with digits behind each, once or twice, and what follows.
    private static func pieces(_ word: String) -> (axes: [(letter: String, number: Int)], rest: String) {
        var axes: [(String, Int)] = []
        var rest = word[...]
        while axes.count < 2, let letter = rest.first, "NSEW".contains(letter) {
            let digits = rest.dropFirst().prefix(while: \.isNumber)
            guard digits.count <= 6, let number = Int(digits) else { break }
            axes.append((String(letter), number))
            rest = rest.dropFirst(digits.count + 1)
            if rest.first == "-", rest.dropFirst().first.map({ "NSEW".contains($0) }) == true {
                rest = rest.dropFirst()
            }
        }
        if rest.first == "-" { rest = rest.dropFirst() }
        return (axes, String(rest))
    }

    /// `B12`, as a block of Puerto Rico's housing estates has it.
    static func lettered(_ word: String) -> HouseNumber? {
        guard let letter = word.first, letter.isLetter, NumberedRoad.split(word).count == 1 else { return nil }
        var digits = word.dropFirst()
        if digits.first == "-" { digits = digits.dropFirst() }
        guard (1...4).contains(digits.count), digits.allSatisfy(\.isNumber), let number = Int(digits), number > 0 else {
            return nil
        }
        return HouseNumber(series: String(letter), number: number)
    }

    /// `29W991`: so many miles, the direction, and so many thousandths of the next.
    private static func miles(_ word: String) -> HouseNumber? {
        let whole = word.prefix(while: \.isNumber)
        let behind = word.dropFirst(whole.count)
        guard (1...2).contains(whole.count), let letter = behind.first, "NSEW".contains(letter), let miles = Int(whole)
        else { return nil }
        // `28W-600`
        let last = behind.dropFirst().first == "-" ? behind.dropFirst(2) : behind.dropFirst()
        let part = last.prefix(while: \.isNumber)
        var rest = last.dropFirst(part.count)
        guard part.count == 3, let part = Int(part) else { return nil }
        if rest.first == "-" { rest = rest.dropFirst() }
        return HouseNumber(series: "00\(letter)", number: miles * 1000 + part, rest: String(rest))
    }

    /// `28W 600 Roosevelt Rd`, `28 W600 Roosevelt Rd`
    private static func milesInTwo(_ words: ArraySlice<AddressWord>) -> (HouseNumber, Int)? {
        let texts = words.prefix(3).map(\.text)
        guard texts.count == 3, Directional.standard(texts[2]) == nil,
            StreetSuffix.standard(texts[2]) == nil || words.count > 3,
            texts[2].contains(where: \.isLetter), NumberWords.number(ofOrdinal: texts[2]) == nil,
            texts[0].last.map({ "NSEW".contains($0) }) == true || texts[0].allSatisfy(\.isNumber),
            let miles = miles(texts[0] + texts[1]), miles.rest.isEmpty
        else { return nil }
        return (miles, 2)
    }

    /// `29 W 991 Emerald Green Dr`
    static func milesApart(_ words: ArraySlice<AddressWord>) -> HouseNumber? {
        let texts = words.prefix(4).map(\.text)
        guard texts.count == 4, Directional.standard(texts[3]) == nil,
            StreetSuffix.standard(texts[3]) == nil || words.count > 4
        else { return nil }
        return miles(texts.prefix(3).joined())
    }
}
