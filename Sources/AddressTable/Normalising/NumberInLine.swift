/// Where a house number with its street stands behind other words: `Jane Smith 901 Bagby St`, `One City Plaza 901 Bagby
/// St`. Forms with one field have names of people, firms and buildings in front of the street.
enum NumberInLine {
    /// The positions at which an address begins, the first one of the line aside.
    ///
    /// - Parameters:
    ///   - words: a part of a line.
    ///   - state: USPS code; empty for unknown. `MD 901` is a road of Maryland's only.
    ///   - hasNumber: whether it begins with a house number. Then what follows must end as a street does; behind a mere
    ///     name `11 E Adams` is enough.
    static func starts(in words: [AddressWord], joinsHyphens: Bool, state: String, hasNumber: Bool) -> [Int] {
        let texts = words.map(\.text)
        return words.indices.dropFirst(hasNumber ? 2 : 1).filter { index in
            guard texts[index].first?.isNumber == true,
                !isOfName(texts[..<index], state, hasNumber: hasNumber),
                let (_, count) = HouseNumber.taken(from: words[index...], isLine: true, joinsHyphens: joinsHyphens)
            else { return false }
            return isStreet(
                UnitDesignator.kept(of: Array(words[(index + count)...])).words, mayLackKind: !hasNumber)
        }
    }

    /// Words that have a number behind them which is no house's.
    private static let others: Set = [
        "MILE", "MILES", "MI", "MM", "MP", "MARKER", "MILEPOST", "KM", "EXIT", "SECTION", "SEC", "TRACT", "RANGE",
        "DISTRICT", "PRECINCT", "CAMP", "STATION", "AREA", "ZONE", "POST", "BOX", "BX", "AND", "TO", "THRU", "OF",
        "CORNER", "NO", "NUMBER", "NUM",
    ]

    /// Whether a number behind these words belongs to them: `Highway 12`, `Avenue 416`, `Suite 100`, `W 3985`.
    private static func isOfName(_ words: ArraySlice<String>, _ state: String, hasNumber: Bool) -> Bool {
        guard let last = words.last else { return true }
        let front = hasNumber ? words.dropFirst() : words
        if others.contains(last) || UnitDesignator.isBeforeNumber(words) { return true }
        if front.count == 1, last.count == 1 || Directional.standard(last) != nil { return true }
        if (1...3).contains(where: { front.count >= $0 && NumberedRoad.isKind(front.suffix($0), state: state) }) {
            return true
        }
        // A kind that nothing stands before is in front of its number.
        return StreetSuffix.standard(last) != nil && front.dropLast().allSatisfy { Directional.standard($0) != nil }
    }

    private static func isStreet(_ words: [AddressWord], mayLackKind: Bool) -> Bool {
        let texts = words.map(\.text)
        guard let first = texts.first, first.first?.isNumber == false || NumberWords.isOrdinal(first),
            texts.contains(where: { isName($0) })
        else { return false }
        if UnitDesignator.endsAsStreet(texts[...]) { return true }
        if !NameBehindStreet.readings(of: words, isPlace: false).isEmpty { return true }
        return mayLackKind && (2...3).contains(texts.count) && Directional.standard(first) != nil && isName(texts[1])
            && texts[1].count > 2
    }

    private static func isName(_ word: String) -> Bool {
        NumberWords.isOrdinal(word)
            || Directional.standard(word) == nil && StreetSuffix.standard(word) == nil
                && word.allSatisfy(\.isLetter)
    }
}
