/// Finds the ways to understand the words of a line.
struct LineReader {
    let joinsHyphens: Bool
    /// USPS code; empty for unknown.
    let state: String
    /// Whether a place stood behind the words, so that the last of them may be its city.
    let isBeforePlace: Bool
    /// How sure all readings are at most.
    private var most = StreetLine.Certainty.sure
    private(set) var readings: [StreetLine.Reading] = []
    /// The words of the first one.
    private(set) var kept: [AddressWord] = []

    init(joinsHyphens: Bool, state: String, isBeforePlace: Bool) {
        self.joinsHyphens = joinsHyphens
        self.state = state
        self.isBeforePlace = isBeforePlace
    }

    mutating func read(_ words: [AddressWord], _ most: StreetLine.Certainty) {
        self.most = most
        guard let first = words.first?.text else { return }
        // `1/2 Mile Rd` has no number.
        if HouseNumber.isFraction(first), words.count > 2, words[1].text == "MILE" { return add(nil, words, behind: 0) }
        // `One Market St`, `Fifty-Five Water St`, but also `Seven Oaks Dr` without a number
        if let (number, count) = NumberWords.spelled(words.map(\.text)), words.count >= count + 2,
            !NumberedRoad.isKind([words[count].text])
        {
            add(HouseNumber(number: number), words, behind: count)
            add(nil, words, behind: 0)
            return
        }
        if state == "PR", let (number, street) = HousingEstate.numberBehind(words) { add(number, street, behind: 0) }
        let taken = HouseNumber.taken(from: words[...], isLine: true, joinsHyphens: joinsHyphens) ?? flatFirst(words)
        guard let (number, count) = taken else {
            readWithoutNumber(words)
            return
        }
        // `191 1/2 Mile Rd` is oftener on `1/2 Mile Rd` than on `Mile Rd`.
        if number.rest.contains("/"), count == 2, words.count > 3, words[2].text == "MILE",
            let whole = HouseNumber(first, joinsHyphens: joinsHyphens)
        {
            add(whole, words, behind: 1)
        }
        if let letter = letterApart(words, number, count), isDirected(words, behind: count + 1) {
            add(letter, words, behind: count + 1)
            add(number, words, behind: count)
        } else {
            add(number, words, behind: count)
            if let letter = letterApart(words, number, count) { add(letter, words, behind: count + 1) }
        }
        if let miles = HouseNumber.milesApart(words[...]) { add(miles, words, behind: 3) }
        // `94 1234 Farrington Hwy`
        if joinsHyphens, count == 1, words.count > 3,
            let joined = HouseNumber("\(first)-\(words[1].text)", joinsHyphens: true), joined.rest.isEmpty,
            words[1].text.allSatisfy(\.isNumber)
        {
            add(joined, words, behind: 2)
        }
        // `30-56 Oak St`: a flat and its house, or a building as long as a block.
        if number.rest.first == "-", !number.isBuilding {
            let second = number.rest.dropFirst().prefix(while: \.isNumber)
            if let second = Int(second), second > 0 {
                add(HouseNumber(number: second), words, behind: count, .unsure)
            }
            add(HouseNumber(number: number.number), words, behind: count, .unsure)
        }
    }

    /// `4/901 Bagby St`
    private func flatFirst(_ words: [AddressWord]) -> (HouseNumber, count: Int)? {
        let parts = (words.first?.text ?? "").split(separator: "/")
        guard words.count > 2, parts.count == 2, parts[0].count < parts[1].count, parts.joined().allSatisfy(\.isNumber),
            let house = Int(parts[1]), (1...HouseNumber.highest).contains(house)
        else { return nil }
        return (HouseNumber(number: house), 1)
    }

    private mutating func readWithoutNumber(_ words: [AddressWord]) {
        // `901Bagby St`
        let digits = words[0].text.prefix(while: \.isNumber)
        if !digits.isEmpty, digits.count < words[0].text.count, NumberWords.number(ofOrdinal: words[0].text) == nil,
            let number = HouseNumber(String(digits))
        {
            let (front, name) = words[0].split(behind: digits.count, skipping: 0)
            add(number, [front, name] + words.dropFirst(), behind: 1)
            return
        }
        add(nil, words, behind: 0)
        // `B12 Calle 5`
        if words.count > 2, let number = HouseNumber.lettered(words[0].text) { add(number, words, behind: 1) }
        // `East 2460 Main St` is 2460 E Main St in Spokane.
        if words.count > 2, words[1].text.allSatisfy(\.isNumber), Directional.standard(words[0].text) != nil,
            let number = HouseNumber(words[1].text)
        {
            add(number, [words[1], words[0]] + words.dropFirst(2), behind: 1, .exactName)
            add(number, Array(words.dropFirst()), behind: 1, .unsure)
        }
        // `W 3985 County Rd K`
        if words.count > 3, words[0].text.count == 1, Directional.standard(words[2].text) == nil,
            let number = HouseNumber(words[0].text + words[1].text), !number.series.isEmpty
        {
            add(number, words, behind: 2)
        }
    }

    /// `4922 B South Cornell Ave`, `241 C Township Rd 1430`
    private func letterApart(_ words: [AddressWord], _ number: HouseNumber, _ count: Int) -> HouseNumber? {
        guard number.rest.isEmpty, words.count > count + 2, words[count].gap == .space,
            case let letter = words[count].text, HouseNumber.isLetters(letter),
            Directional.standard(letter) == nil,
            words[count + 1].text.count > 1 || isDirected(words, behind: count + 1),
            !isSuffixOnly(words[(count + 1)...])
        else { return nil }
        return HouseNumber(series: number.series, number: number.number, rest: letter)
    }

    /// Whether a directional and a name follow.
    private func isDirected(_ words: [AddressWord], behind count: Int) -> Bool {
        words.count > count + 1 && Directional.standard(words[count].text) != nil
            && StreetSuffix.standard(words[count + 1].text) == nil
    }

    /// `Street NE` in `12 A Street NE`
    private func isSuffixOnly(_ words: ArraySlice<AddressWord>) -> Bool {
        guard let first = words.first?.text, StreetSuffix.standard(first) != nil else { return false }
        return words.dropFirst().allSatisfy { Directional.standard($0.text) != nil }
    }

    private mutating func add(
        _ number: HouseNumber?, _ words: [AddressWord], behind count: Int,
        _ certainty: StreetLine.Certainty = .sure
    ) {
        let (front, street) = (Array(words.prefix(count)), Array(words.dropFirst(count)))
        func add(_ words: [AddressWord], _ own: StreetLine.Certainty) {
            guard let name = StreetName(words: words.map(\.text), state: state) else { return }
            let least = [certainty, own, most].max { $0.rawValue < $1.rawValue } ?? own
            let reading = StreetLine.Reading(number: number, street: name, certainty: least)
            if readings.isEmpty { self.kept = front + words }
            let isKnown = readings.contains {
                $0.number == number && $0.street == name && $0.certainty.rawValue <= least.rawValue
            }
            if !isKnown { readings.append(reading) }
        }
        let kept = UnitDesignator.kept(of: street)
        add(kept.words, kept.withDesignator == nil ? .sure : .exactName)
        if let whole = kept.withDesignator { add(whole, .sure) }
        // `123 Rear Main St`
        if street.count > 2, UnitDesignator.isSideInFront(street[0].text) {
            add(Array(kept.words.dropFirst()), .unsure)
        }
        for whole in [kept] + (kept.withDesignator.map { [UnitDesignator.Kept(words: $0)] } ?? []) {
            if let (shorter, own) = withoutLast(whole) { add(shorter, own) }
        }
        if let shorter = kept.shorter { add(shorter, .unsure) }
        for (shorter, own) in NameBehindStreet.readings(of: kept.words, isPlace: isBeforePlace) { add(shorter, own) }
    }

    /// `Broadway 4B` and `Broadway B`, which may also be a street's whole name: `Avenue 64`, `Avenue B`.
    private func withoutLast(_ kept: UnitDesignator.Kept) -> ([AddressWord], StreetLine.Certainty)? {
        guard !kept.hasUnit, kept.words.count > 1, let last = kept.words.last?.text, UnitDesignator.isBare(last),
            !HouseNumber.isFraction(last), Directional.standard(last) == nil,
            case let shorter = kept.words.dropLast().map(\.text),
            shorter.count > 1 || StreetSuffix.standard(shorter[0]) == nil, !NumberedRoad.isKind(shorter),
            let name = StreetName(words: shorter, state: state)
        else { return nil }
        // `County Rd 12 A` is oftener a road of that name than a flat on road 12, and `Ocean Side` a street.
        let isRoad =
            last.count == 1 && last.first?.isLetter == true && NumberedRoad.isRoad(number: name.name, kind: name.suffix)
        let isName = isRoad || UnitDesignator.isOfNames(last)
        return (Array(kept.words.dropLast()), isName ? .unsure : .exactName)
    }
}
