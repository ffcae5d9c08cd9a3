/// Puerto Rico's addresses name the housing estate or the building beside the street (USPS Publication 28, sections 291
/// to 297): `Urb Los Jardines 150 Calle Flamboyan`. The street's number may stand behind its name.
enum HousingEstate {
    private static let kinds: Set = [
        "URB", "URBANIZACION", "URBANIZATION", "COND", "CONDOMINIO", "RES", "RESIDENCIAL", "EDIF", "EDIFICIO", "PARC",
        "PARCELAS", "BO", "BARRIO", "COM", "COMUNIDAD", "SECT", "SECTOR", "REPTO", "REPARTO", "ALTURAS", "BDA",
        "BARRIADA",
    ]
    /// What a street's name begins with there.
    private static let streets: Set = [
        "CALLE", "CLL", "CLLE", "C", "AVE", "AVENIDA", "AVENUE", "AVDA", "PASEO", "PSO", "CAMINO", "CAM", "VIA",
        "CALLEJON",
        "VEREDA", "BLVD", "BULEVAR", "MARGINAL",
    ]

    /// A part of a line without the estate in front of the number or behind the street; `nil` when nothing else is
    /// left.
    static func without(_ words: [AddressWord]) -> [AddressWord]? {
        guard let estate = words.firstIndex(where: { kinds.contains($0.text) }) else { return words }
        if estate > 0 { return estate > 1 ? Array(words[..<estate]) : words }
        let start = words.indices.dropFirst(2).first { index in
            index + 1 < words.count && isNumber(words[index].text)
                && (streets.contains(words[index + 1].text) || words[index].text.first?.isNumber == true)
        }
        return start.map { Array(words[$0...]) }
    }

    /// The number of a street that has it behind: `Calle Flamboyan #150`, `Ave Ponce de Leon 1234`, `Calle 3 A5`.
    static func numberBehind(_ words: [AddressWord]) -> (HouseNumber, street: [AddressWord])? {
        guard let first = words.first, streets.contains(first.text), first.text != "C" else { return nil }
        if let sign = words.firstIndex(where: { ["#", "NUM", "NO", "NUMERO"].contains($0.text) }) {
            guard sign > 1, sign + 1 < words.count, let number = number(words[sign + 1].text) else { return nil }
            return (number, Array(words[..<sign]))
        }
        let kept = UnitDesignator.kept(of: words)
        let street = kept.withDesignator ?? kept.words
        guard street.count > 2, let last = street.last, let number = number(last.text) else {
            // `Calle 3 A5`: a letter and digits look like a flat.
            guard kept.words.count == words.count - 1, kept.words.count > 1,
                let number = words.last.flatMap({ number($0.text) })
            else { return nil }
            return (number, kept.words)
        }
        return (number, Array(street.dropLast()))
    }

    private static func isNumber(_ word: String) -> Bool { number(word) != nil }

    private static func number(_ word: String) -> HouseNumber? {
        guard word.contains(where: \.isNumber), NumberWords.number(ofOrdinal: word) == nil else { return nil }
        return HouseNumber.lettered(word) ?? HouseNumber(word)
    }
}
