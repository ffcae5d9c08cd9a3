package import Contracts

/// The first line of an address, taken apart: `901 Bagby St Apt 4`. What an address table, the geocoders and the
/// question whether there is a street at all make of a line is this.
package struct StreetLine: Sendable, Equatable {
    /// One way to understand a line.
    package struct Reading: Sendable, Equatable {
        /// `nil` when the line has none.
        package var number: HouseNumber?
        package var street: StreetName
        package var certainty = Certainty.sure
    }

    package enum Certainty: Int, Sendable {
        case sure
        /// Words that may belong to the street were taken for a unit: it is so only where there is a street of that
        /// very name. `Broadway 4B` is on Broadway, `Cedar 4B` not on Cedar St.
        case exactName
        /// Rather not: `County Rd 12 A`, or of the pair `30-56` one of the two.
        case unsure
    }

    /// Bytes of the longest line, and of each of the other parts, that are read: partners may send 200 characters. What
    /// it takes to read a line grows with the square of its length, and a message or an answer may have any.
    package static let longest = 1000

    /// The most natural one first.
    package let readings: [Reading]
    /// The line without its unit and without the city that it repeats, in its own spelling: what a geocoder is asked.
    package let text: String

    package var number: HouseNumber? { readings[0].number }
    package var street: StreetName { readings[0].street }

    /// Of an address whose line may repeat its city, state or ZIP. No street leads to the armed forces' post.
    package init?(_ address: PostalAddress) {
        // Before anything is compared.
        guard address.state.utf8.count <= Self.longest, address.city.utf8.count <= Self.longest else { return nil }
        guard !["AA", "AE", "AP"].contains(address.state.uppercased()),
            !["APO", "FPO", "DPO"].contains(address.city.uppercased())
        else { return nil }
        self.init(address.street, city: address.city, state: address.state, zip: address.zip)
    }

    /// - Parameters:
    ///   - city, state, zip: those of the address, which the line may repeat; empty for unknown.
    /// - Returns: `nil` for what is no street (see `DeliveryPoint`), for nothing, and for what is longer than any.
    package init?(_ text: String, city: String = "", state: String = "", zip: String = "") {
        guard [text, city, state, zip].allSatisfy({ $0.utf8.count <= Self.longest }) else { return nil }
        let place = RepeatedPlace(city: city, state: state, zip: zip)
        let joinsHyphens = HouseNumber.joinsHyphens(zip: Int(zip.prefix(5)) ?? 0, state: state.uppercased())
        guard let found = Self.found(in: AddressWords.of(text), place, joinsHyphens) else { return nil }
        var reader = LineReader(
            joinsHyphens: joinsHyphens, state: state.uppercased(), isBeforePlace: found.isBeforePlace)
        reader.read(found.words, found.certainty)
        if let shorter = place.dropped(from: found.words, isSure: false) { reader.read(shorter, found.certainty) }
        for other in found.others { reader.read(other, .exactName) }
        guard !reader.readings.isEmpty else { return nil }
        readings = reader.readings
        self.text = Self.text(text, reader.kept)
    }

    /// What of a line is to be read.
    private struct Found {
        /// Of the part that has the street, without boxes, the unit in front, and the place behind.
        var words: [AddressWord]
        var certainty = Certainty.sure
        /// Whether a place was behind them.
        var isBeforePlace: Bool
        /// Other house numbers with their streets: `30 City Plaza, 45 Bagby St`.
        var others: [[AddressWord]] = []
    }

    private static func found(in words: [AddressWord], _ place: RepeatedPlace, _ joinsHyphens: Bool) -> Found? {
        func starts(in words: [AddressWord]) -> [Int] {
            let hasNumber =
                HouseNumber.taken(from: words[...], isLine: true, joinsHyphens: joinsHyphens) != nil
                || NumberWords.spelled(words.map(\.text)) != nil || HouseNumber.isFraction(words[0].text)
            return NumberInLine.starts(
                in: words, joinsHyphens: joinsHyphens, state: place.state, hasNumber: hasNumber)
        }
        func hasNumber(_ words: [AddressWord]) -> Bool {
            HouseNumber.taken(from: words[...], isLine: true, joinsHyphens: joinsHyphens) != nil
                || NumberWords.spelled(words.map(\.text)) != nil || words[0].text.first?.isNumber == true
        }
        guard let (line, otherParts) = streetParts(of: words, place, starts), let words = withoutPlace(line, place)
        else { return nil }
        var found = Found(words: words, isBeforePlace: words.count < line.count)
        var inner = place.isPuertoRico ? [] : starts(in: words)
        // `Jane Smith 901 Bagby St`
        if !hasNumber(words), let first = inner.first {
            found.words = Array(words[first...])
            found.certainty = .exactName
            inner.removeFirst()
        }
        found.others = inner.map { Array(words[$0...]) } + otherParts
        return found
    }

    /// The part that has the street, and others that may have it.
    private static func streetParts(
        of words: [AddressWord], _ place: RepeatedPlace, _ starts: ([AddressWord]) -> [Int]
    ) -> ([AddressWord], others: [[AddressWord]])? {
        var parts: [[AddressWord]] = []
        for word in words.flatMap(withoutHyphen) {
            if word.gap == .comma || parts.isEmpty { parts.append([]) }
            parts[parts.count - 1].append(word)
        }
        // `901, Bagby St`, `901 #B, Bagby St`
        if parts.count > 1, HouseNumber(parts[0][0].text) != nil, !UnitDesignator.isAll(parts[1]),
            case let unit = Array(parts[0].dropFirst()),
            unit.isEmpty || unit[0].text == "#" && UnitDesignator.isAll(unit)
        {
            parts[0...1] = [[parts[0][0]] + parts[1]]
        }
        if place.isPuertoRico { parts = parts.compactMap(HousingEstate.without) }
        var hasBox = false
        parts = parts.compactMap { part in
            let count = DeliveryPoint.length(in: part.map(\.text))
            if count > 0 { hasBox = true }
            let rest = Array(part.dropFirst(count))
            return rest.isEmpty ? nil : UnitDesignator.keptBehindFront(of: withoutRecipient(rest))
        }
        joinDirectionals(&parts, place)
        guard let start = start(of: parts, needsNumber: hasBox, starts), parts[start].contains(where: \.hasLetter)
        else { return nil }
        let others = parts.indices.filter { $0 != start && isNumbered(parts[$0]) && isWhole(parts[$0]) }
        return (parts[start], others.map { parts[$0] })
    }

    /// `1600 Pennsylvania Ave, NW`, `3340 Peachtree Rd, N.E. Tower Place`, `12 Main Rd, N Smalltown`
    private static func joinDirectionals(_ parts: inout [[AddressWord]], _ place: RepeatedPlace) {
        for index in parts.indices.dropFirst() {
            let texts = parts[index].map(\.text)
            let count = texts.prefix(2).prefix { Directional.standard($0) != nil }.count
            guard count > 0, !UnitDesignator.isAll(parts[index - 1]) else { continue }
            // `NE` may be Nebraska.
            let isClear =
                ["NE", "NW", "SE", "SW"].contains(texts[0]) && texts[0] != place.state
                && texts.dropFirst().contains { Int($0) == nil }
            // `North Smalltown` is rather a village.
            let isBeforeCity =
                texts[0].count == 1 && place.isCity(Array(texts.dropFirst())) && !place.isCity(texts)
            guard texts.count == count || (isClear || isBeforeCity) && isWhole(parts[index - 1]) else { continue }
            let joined = texts.count == count ? count : 1
            parts[index - 1] += parts[index].prefix(joined)
            parts[index].removeFirst(joined)
        }
        parts.removeAll(where: \.isEmpty)
    }

    /// `3202-13th Ave` lacks a blank, and `City Plaza-6 Bagby St` too.
    private static func withoutHyphen(_ word: AddressWord) -> [AddressWord] {
        guard let hyphen = word.text.firstIndex(of: "-") else { return [word] }
        let front = String(word.text[..<hyphen])
        let behind = String(word.text[hyphen...].dropFirst())
        let isNumber = front.allSatisfy(\.isNumber) && NumberWords.number(ofOrdinal: behind) != nil
        let isName =
            front.count > 3 && front.allSatisfy(\.isLetter) && behind.allSatisfy(\.isNumber)
            && StreetSuffix.standard(front) == nil && !UnitDesignator.isBeforeNumber(front)
            && !NumberedRoad.isKind([front])
        guard isNumber || isName else { return [word] }
        let (first, second) = word.split(behind: front.count, skipping: 1)
        return [first, second]
    }

    private static func withoutPlace(_ line: [AddressWord], _ place: RepeatedPlace) -> [AddressWord]? {
        // `901 Bagby St Smalltown KY Apt 4`
        let kept = UnitDesignator.kept(of: Array(line.dropFirst()))
        if place.dropped(from: line, isSure: false) == nil, kept.hasUnit, kept.withDesignator == nil,
            case let withoutUnit = [line[0]] + kept.words, let shorter = place.dropped(from: withoutUnit, isSure: true)
        {
            return shorter
        }
        guard let shorter = place.dropped(from: line, isSure: false) else { return line }
        // `Route 2 Smalltown`
        if DeliveryPoint.length(in: shorter.map(\.text)) == shorter.count { return nil }
        return place.dropped(from: line, isSure: true) ?? line
    }

    /// The part that begins with a house number, rather one that ends as a street does: `12 Oaks Apartments, 901 Bagby
    /// St`; else the first that is no unit.
    /// - Parameters:
    ///   - needsNumber: whether a name alone is no street: beside a box it is the city.
    ///   - starts: where in a part a number stands behind other words.
    private static func start(
        of parts: [[AddressWord]], needsNumber: Bool, _ starts: ([AddressWord]) -> [Int]
    ) -> Int? {
        let numbered = parts.indices.filter { isNumbered(parts[$0]) }
        return numbered.first { isWhole(parts[$0]) } ?? numbered.first
            ?? parts.indices.first { !starts(parts[$0]).isEmpty }
            ?? (needsNumber ? nil : parts.indices.first { !UnitDesignator.isAll(parts[$0]) })
    }

    private static func isNumbered(_ part: [AddressWord]) -> Bool {
        !UnitDesignator.isAll(part)
            && (HouseNumber.taken(from: part[...], isLine: true, joinsHyphens: false) != nil
                || part.count > 2 && HouseNumber.lettered(part[0].text) != nil)
    }

    /// Whether a part has a street's kind, or a directional, behind a name.
    private static func isWhole(_ part: [AddressWord]) -> Bool {
        let words = UnitDesignator.kept(of: Array(part.dropFirst())).words.map(\.text)
        return StreetName(words: words).map { !$0.suffix.isEmpty || !$0.postdirectional.isEmpty } == true
    }

    /// `c/o Smith 901 Bagby St`
    private static func withoutRecipient(_ words: [AddressWord]) -> [AddressWord] {
        guard let first = words.first?.text, ["C/O", "ATTN", "ATTENTION", "CARE"].contains(first),
            let number = words.firstIndex(where: { $0.text.first?.isNumber == true })
        else { return words }
        return Array(words[number...])
    }

    /// The words as they stand in the text, with what lies between those that follow each other.
    private static func text(_ text: String, _ words: [AddressWord]) -> String {
        let bytes = Array(text.utf8)
        var pieces: [Range<Int>] = []
        for word in words {
            let between = pieces.last.map { bytes[$0.upperBound..<max($0.upperBound, word.range.lowerBound)] }
            let isNext = between?.allSatisfy { !AddressWords.isDigit($0) && !($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) }
            if isNext == true, let last = pieces.last {
                pieces[pieces.count - 1] = last.lowerBound..<max(last.upperBound, word.range.upperBound)
            } else {
                pieces.append(word.range)
            }
        }
        return AddressWords.withPlainFractions(
            pieces.map { String(decoding: bytes[$0], as: UTF8.self) }.joined(separator: " "))
    }
}
