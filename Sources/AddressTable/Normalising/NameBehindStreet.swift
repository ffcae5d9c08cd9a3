/// What people write behind a whole street without a comma, and what is no unit: the house's name (`Jaeger St Jaeger
/// Square`, `I St SE The Garrett`), the road's other name (`Dixwell Ave Rt 10`), the village (`Main St Derby Line`).
///
/// Each is one more way to understand the line, behind that in which all of it is the street's name: it counts only
/// where the table has a street of just that name, kind and directional.
enum NameBehindStreet {
    /// Words of houses' names and of what is no house's, which hardly ever are a village's.
    private static let buildings: Set = [
        "APARTMENTS", "APTS", "FLATS", "LOFTS", "TOWNHOMES", "TOWNHOUSES", "CONDOMINIUMS", "CONDOMINIUM", "CONDOS",
        "RESIDENCES", "RESIDENCE", "TOWER", "TOWERS", "BUILDING", "PLAZA", "CENTER", "CENTRE", "MALL", "SQUARE",
        "COMMONS", "SHOPPES", "SHOPS", "MARKETPLACE", "COMPLEX", "HOSPITAL", "CHURCH", "SCHOOL", "OFFICE", "OFFICES",
        "LOCKBOX", "LBX", "FILE", "CODE", "DISTRICT", "ATTORNEY", "ATTY", "MEZZANINE", "PROMENADE",
    ]
    /// Words that join what follows to the street's name: `Avenue of the Arts`, `Main St at 5th`.
    private static let joining: Set = [
        "OF", "AND", "AT", "TO", "DE", "DEL", "LA", "LE", "LOS", "LAS", "OR", "NEAR", "BETWEEN", "FROM", "IN", "ON",
        "BY", "OFF", "DU",
    ]
    /// Kinds of streets that houses are called by too.
    private static let kindsOfHouses: Set = ["SQ", "PL", "CT"]

    /// - Parameters:
    ///   - words: a street without house number and unit.
    ///   - isPlace: whether the state or the ZIP stood behind, so that the last words are a city's.
    static func readings(
        of words: [AddressWord], isPlace: Bool
    ) -> [([AddressWord], StreetLine.Certainty)] {
        let texts = words.map(\.text)
        var readings: [([AddressWord], StreetLine.Certainty)] = []
        for end in texts.indices.dropFirst().dropLast() where isKind(at: end, in: texts) {
            let behind = texts[(end + 1)...]
            var directionals = behind.prefix { Directional.standard($0) != nil }.count
            if directionals > 1, Directional.standard(behind[end + 1], behind[end + 2]) == nil { directionals = 1 }
            let name = Array(behind.dropFirst(directionals))
            // `Old St Marys` is called by a saint, `Main St East Beach` by none.
            let mayBeSaint = directionals == 0 && texts[end] == "ST"
            guard let certainty = certainty(of: name, mayBeSaint: mayBeSaint, isPlace: isPlace) else { continue }
            readings.append((Array(words[...(end + directionals)]), certainty))
            // `Main St East Beach` is on Main St, or on Main St E.
            if directionals == 1, behind[end + 1].count == 1 || behind[end + 1].count > 2 {
                readings.append((Array(words[...end]), .unsure))
            }
        }
        return readings
    }

    /// Whether a street may end with that word: a kind behind a name. What numbered roads begin with is none.
    private static func isKind(at index: Int, in words: [String]) -> Bool {
        guard let kind = StreetSuffix.standard(words[index]), StreetSuffix.usual.contains(kind) else { return false }
        let isNumbered = !StreetSuffix.closing.contains(kind) && kind != "TPKE"
        if isNumbered, words[index + 1].first?.isNumber == true || NumberedRoad.isKind(words[...index]) { return false }
        return words[..<index].contains { Directional.standard($0) == nil }
    }

    /// How sure it is that these words are no part of the street's name; `nil` where they are.
    private static func certainty(
        of name: [String], mayBeSaint: Bool, isPlace: Bool
    ) -> StreetLine.Certainty? {
        guard let first = name.first, let last = name.last, !name.contains("AND"), !joining.contains(first) else {
            return nil
        }
        if NumberedRoad.read(name) != nil { return .exactName }
        guard !name.allSatisfy({ isOfStreets($0) }) else { return nil }
        if let kind = StreetSuffix.standard(last), StreetSuffix.usual.contains(kind),
            !kindsOfHouses.contains(kind) || name.count < 2
        {
            return nil
        }
        let isHouse =
            isPlace || first == "THE" || name.contains { buildings.contains($0) }
            || name.contains { $0.contains(where: \.isNumber) } || name.count == 1 && last.count <= 2
            || name.count > 1 && StreetSuffix.standard(last).map { kindsOfHouses.contains($0) } == true
        if isHouse { return .exactName }
        return mayBeSaint ? nil : .unsure
    }

    private static func isOfStreets(_ word: String) -> Bool {
        StreetSuffix.standard(word) != nil || Directional.standard(word) != nil
    }
}
