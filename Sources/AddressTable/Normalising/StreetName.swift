import Contracts

/// A street in the one way to write it: `North Main Street` and `N. Main St` are one.
package struct StreetName: Sendable, Hashable {
    /// The name alone: `MAIN`, `5TH`, `SAINT PAUL`; of a numbered road the number. Never empty.
    package var name: String
    /// The directional before the name; empty for none.
    package var predirectional = ""
    /// The standard abbreviation of the street's kind; empty for none.
    package var suffix = ""
    /// The directional behind it all; empty for none.
    package var postdirectional = ""

    /// - Parameter text: a street without house number. `nil` when nothing of it is left that could be a name.
    /// - Parameter state: USPS code; empty for unknown. `TN 2` is a road of Tennessee's, and in Kentucky a mere name.
    package init?(_ text: String, state: String = "") {
        guard text.utf8.count <= StreetLine.longest else { return nil }
        self.init(words: UnitDesignator.kept(of: AddressWords.of(text)).words.map(\.text), state: state)
    }

    package init(name: String, predirectional: String, suffix: String, postdirectional: String) {
        self.name = name
        self.predirectional = predirectional
        self.suffix = suffix
        self.postdirectional = postdirectional
    }

    init?(words: [String], state: String = "") {
        var rest = NumberWords.inDigits(Self.withoutSigns(words.flatMap(Self.parts)))
        // `Midlothian Turn Pike`
        if rest.count > 2, let turn = rest.dropFirst().firstIndex(of: "TURN"), turn + 1 < rest.count,
            rest[turn + 1] == "PIKE"
        {
            rest[turn...turn + 1] = ["TPKE"]
        }
        // `North Carolina Highway 12` has no directional in front.
        if rest.count > 3, let code = USState.code(name: "\(rest[0]) \(rest[1])"), Directional.standard(rest[0]) != nil,
            case let shorter = [code] + rest.dropFirst(2),
            NumberedRoad.read(shorter, state: state) != nil
                || NumberedRoad.read(Array(shorter.dropLast()), state: state) != nil
        {
            rest = shorter
        }
        // `C. Flamboyan` is a `Calle` on the island.
        if state == "PR", rest.count > 1, rest[0] == "C", StreetSuffix.standard(rest[rest.count - 1]) != "ST" {
            rest[0] = "CALLE"
        }
        if let road = NumberedRoad.readCompass(rest, state: state) {
            (name, suffix) = (road.number, road.kind)
            return
        }
        if rest.count >= 3, let both = Directional.standard(rest[rest.count - 2], rest[rest.count - 1]) {
            postdirectional = both
            rest.removeLast(2)
        } else if rest.count >= 2, let last = Directional.standard(rest[rest.count - 1]) {
            // `Avenue North` is none of the lettered ones: `Avenue N`.
            if rest.count == 2, ["AVE", "ST", "RD"].contains(StreetSuffix.standard(rest[0])), rest[1] != last,
                let kind = StreetSuffix.long(rest[0])
            {
                name = "\(kind) \(NameWords.direction(last) ?? last)"
                return
            }
            postdirectional = last
            rest.removeLast()
        }
        let whole = rest
        // Of `W Lake` the lake is the name, of `W St` the letter.
        if rest.count >= 2, let kind = StreetSuffix.standard(rest[rest.count - 1]),
            StreetSuffix.usual.contains(kind) || !rest.dropLast().allSatisfy({ Directional.standard($0) != nil })
        {
            suffix = kind
            rest.removeLast()
        }
        var directionals = 0
        if rest.count >= 3, let both = Directional.standard(rest[0], rest[1]) {
            (predirectional, directionals) = (both, 2)
        } else if rest.count >= 2, let first = Directional.standard(rest[0]) {
            (predirectional, directionals) = (first, 1)
        }
        rest.removeFirst(directionals)
        let isWay = ["RD", "HWY", "ST"].contains(suffix)
        if let road = NumberedRoad.read(Array(whole.dropFirst(directionals)), state: state)
            ?? (isWay ? NumberedRoad.read(rest, state: state) : nil)
        {
            (name, suffix) = (road.number, road.kind)
            return
        }
        // `S R 50`: no directional.
        if directionals == 1, whole[0].count == 1, let road = NumberedRoad.read(whole, state: state) {
            (name, suffix, predirectional) = (road.number, road.kind, "")
            return
        }
        // `East 40 Hwy`
        if suffix == NumberedRoad.bare, rest.count == 1, rest[0].allSatisfy(\.isNumber) {
            name = rest[0]
            return
        }
        name =
            NumberedRoad.readBeside(rest, state: state) ?? Self.roadInName(rest, suffix: suffix, state: state)
            ?? NameWords.standard(rest, suffix: suffix)
        if name.isEmpty { return nil }
    }

    /// `Interstate 70` of `Interstate 70 Dr`: the name of a street that is called by a numbered road.
    private static func roadInName(_ words: [String], suffix: String, state: String) -> String? {
        guard !suffix.isEmpty, words.count > 1, let road = NumberedRoad.read(words, state: state),
            road.number.first?.isNumber == true
        else { return nil }
        return "\(road.kind) \(road.number)"
    }

    /// `Winston-Salem` is two words, and `N1/2` too.
    private static func parts(_ word: String) -> [String] {
        guard word.contains("-") || word.contains("/") else { return NumberedRoad.split(word) }
        if HouseNumber.isFraction(word) { return [word] }
        // `US Hwy 6/50`
        let numbers = word.split(separator: "/").map(String.init)
        if numbers.count == 2, numbers.allSatisfy({ $0.allSatisfy(\.isNumber) }) {
            return [numbers[0], "AND", numbers[1]]
        }
        // `C/3` is `Calle 3`.
        if word.hasPrefix("C/"), word.count > 2 { return ["CALLE", String(word.dropFirst(2))] }
        if HouseNumber.isFraction(String(word.suffix(3))), word.dropLast(3).allSatisfy(\.isLetter) {
            return [String(word.dropLast(3)), String(word.suffix(3))]
        }
        return word.split { $0 == "-" || $0 == "/" }.flatMap { NumberedRoad.split(String($0)) }
    }

    /// `State Highway #50` and `County Road No. 12` without their signs.
    private static func withoutSigns(_ words: [String]) -> [String] {
        words.indices.filter { index in
            if words[index] == "#" { return false }
            let next = index + 1 < words.count ? words[index + 1] : ""
            return
                !(["NO", "NUMBER", "NUM", "NBR"].contains(words[index]) && next.first?.isNumber == true && index > 0)
        }.map { words[$0] }
    }

    /// What two spellings of a name have in common: `Lake Shore` and `Lakeshore`, `O Brien` and `O'Brien`. Numbers stay
    /// apart.
    package var key: String {
        // Lettered streets lie beside those of the compass: `N St` and `North St`.
        if let letters = NameWords.letters(of: name) { return letters }
        var key = ""
        for word in name.split(separator: " ") {
            if key.last?.isNumber == true, word.first?.isNumber == true { key += " " }
            key += word
        }
        return key
    }

    /// Other streets that the same words may mean: what looks like a suffix may belong to the name (`Crystal Lake` for
    /// `Crystal Lake Rd`), or a table may have left out the suffix, or put a directional on the other side of it.
    /// The second list has those that lack a part, or are a guess.
    func alternatives(state: String) -> (same: [StreetName], shorter: [StreetName]) {
        var (others, shorter): ([StreetName], [StreetName]) = ([], [])
        func named(_ name: String) -> StreetName {
            StreetName(
                name: name, predirectional: predirectional, suffix: suffix, postdirectional: postdirectional)
        }
        if let long = NameWords.guess(name) { shorter.append(named(long)) }
        if suffix == "ST", let letter = NameWords.letter(spoken: name) { others.append(named(letter)) }
        // `Loiza St` is Puerto Rico's English for `Calle Loiza`.
        if state == "PR", let kind = ["ST": "CALLE", "AVE": "AVENUE"][suffix] {
            others.append(
                StreetName(
                    name: "\(kind) \(name)", predirectional: predirectional, suffix: "",
                    postdirectional: postdirectional))
        }
        // `W Court` for `W Court St`, but rather for the street `W`.
        if predirectional.isEmpty, StreetSuffix.usual.contains(suffix), let word = StreetSuffix.long(suffix),
            let letters = NameWords.letters(of: name)
        {
            shorter.append(
                StreetName(name: word, predirectional: letters, suffix: "", postdirectional: postdirectional))
        }
        if !suffix.isEmpty, !StreetSuffix.usual.contains(suffix), let word = StreetSuffix.long(suffix) {
            others.append(
                StreetName(
                    name: "\(name) \(word)", predirectional: predirectional, suffix: "",
                    postdirectional: postdirectional))
        }
        // `Route 9 W` for `Route 9W`
        if NumberedRoad.isRoad(number: name, kind: suffix), let letter = name.last {
            if name.count > 1, letter.isLetter, Directional.standard(String(letter)) != nil, postdirectional.isEmpty {
                let number = String(name.dropLast())
                others.append(
                    StreetName(
                        name: number, predirectional: predirectional, suffix: suffix, postdirectional: String(letter)))
            } else if postdirectional.count == 1, letter.isNumber {
                others.append(
                    StreetName(
                        name: name + postdirectional, predirectional: predirectional, suffix: suffix,
                        postdirectional: ""))
            }
        }
        let words = name.split(separator: " ").map(String.init)
        if words.count > 1, let last = words.last {
            let front = words.dropLast().joined(separator: " ")
            if let kind = StreetSuffix.standard(last), !StreetSuffix.usual.contains(kind) {
                let other = StreetName(
                    name: front, predirectional: predirectional, suffix: kind, postdirectional: postdirectional)
                // `Crystal Lake Rd` says more than `Crystal Lake`.
                if suffix.isEmpty { others.append(other) } else { shorter.append(other) }
            }
            if postdirectional.isEmpty, let direction = Directional.standard(last) {
                let other = StreetName(
                    name: front, predirectional: predirectional, suffix: suffix, postdirectional: direction)
                // `Avenue N` is rather a letter than `Avenue North`.
                if words.count == 2, Self.kindsInFront.contains(front) {
                    shorter.append(other)
                } else {
                    others.append(other)
                }
            }
            // `Bay 22 St` for `Bay 22nd St`, `7 Street Rd` for `7th Street Rd`
            if !suffix.isEmpty, words.contains(where: { Int($0) != nil }), words.allSatisfy({ !$0.contains("/") }) {
                let ordinals = words.map { word in
                    Int(word).flatMap { (1...999).contains($0) ? NumberWords.ordinal($0) : nil } ?? word
                }
                others.append(named(ordinals.joined(separator: " ")))
            }
        }
        if !postdirectional.isEmpty, !suffix.isEmpty, let direction = NameWords.direction(postdirectional) {
            others.append(
                StreetName(
                    name: "\(name) \(direction)", predirectional: predirectional, suffix: suffix, postdirectional: ""))
            if !StreetSuffix.usual.contains(suffix), let word = StreetSuffix.long(suffix) {
                others.append(
                    StreetName(
                        name: "\(name) \(word) \(direction)", predirectional: predirectional, suffix: "",
                        postdirectional: ""))
            }
        }
        // `E 21st South` is `E 2100 S` in Utah.
        if suffix.isEmpty, !postdirectional.isEmpty, let number = NumberWords.number(ofOrdinal: name) {
            others.append(
                StreetName(
                    name: "\(number)00", predirectional: predirectional, suffix: "", postdirectional: postdirectional))
        }
        return (others, shorter)
    }

    /// How a street of a table fits the one that was asked for.
    enum Fit: Equatable {
        /// It is that street; so many parts were left out by who asked, or stand elsewhere.
        case sure(Int)
        /// The asked one says more than the table, and may be another: a house on it is not the house that was meant.
        case unsure
    }

    /// How a table's street fits this one, which was asked for; `nil` for two streets.
    ///
    /// What the question leaves out is no contradiction (`Main` for `Main St`), and neither is the one directional on
    /// the other end. What it says and the table does not is one: beside `Main St` there may be a `W Main St`, and
    /// beside `Broadway` a `Broadway Ct`.
    func fit(_ row: StreetName) -> Fit? {
        guard key == row.key else { return nil }
        guard let suffixes = fitOfSuffix(row), let directionals = fitOfDirectionals(row) else { return nil }
        // `S St` and `South St` are two in many a city, and one in others.
        if name != row.name, NameWords.letters(of: name) != nil { return .unsure }
        guard case .sure(let one) = suffixes, case .sure(let other) = directionals else { return .unsure }
        return .sure(one + other)
    }

    private func fitOfSuffix(_ row: StreetName) -> Fit? {
        if suffix == row.suffix { return .sure(0) }
        if suffix.isEmpty { return .sure(1) }
        // `Avenue B` and `Calle Luna` have theirs in front: `Avenue B Ct` is another street.
        if row.suffix.isEmpty { return row.hasKindInFront ? nil : .unsure }
        return NumberedRoad.fit(asked: suffix, row.suffix) ?? StreetSuffix.fit(asked: suffix, row.suffix)
    }

    private func fitOfDirectionals(_ row: StreetName) -> Fit? {
        if predirectional == row.predirectional, postdirectional == row.postdirectional { return .sure(0) }
        // `N 400 E` and `E 400 N` are two streets, and so are `400 E` and `E 400`: on a grid the directional behind the
        // number is the name.
        if isOnGrid || row.isOnGrid {
            return postdirectional == row.postdirectional && predirectional.isEmpty ? .sure(1) : nil
        }
        let isOnOtherEnd =
            postdirectional.isEmpty && row.predirectional.isEmpty
            || predirectional.isEmpty && row.postdirectional.isEmpty
        if isOnOtherEnd, predirectional == row.postdirectional, postdirectional == row.predirectional {
            return .sure(1)
        }
        var leftOut = 0
        for (asked, theirs) in [(predirectional, row.predirectional), (postdirectional, row.postdirectional)]
        where asked != theirs {
            guard asked.isEmpty else { return nil }
            leftOut += 1
        }
        return .sure(leftOut)
    }

    private static let kindsInFront: Set = [
        "AVENUE", "BOULEVARD", "STREET", "ROAD", "COURT", "LANE", "PLACE", "TERRACE", "DRIVE", "CALLE", "CALLEJON",
        "CALZADA", "CAMINO", "CERRADA", "PASEO", "RUE", "VEREDA", "VIA",
    ]

    private var hasKindInFront: Bool {
        let words = name.split(separator: " ")
        return words.count > 1 && Self.kindsInFront.contains(String(words[0]))
    }

    private var isOnGrid: Bool { suffix.isEmpty && name.allSatisfy(\.isNumber) }

    /// As it is written on an envelope.
    package var text: String {
        let parts =
            NumberedRoad.isRoad(number: name, kind: suffix)
            ? [predirectional, suffix, name, postdirectional] : [predirectional, name, suffix, postdirectional]
        return parts.filter { !$0.isEmpty }.joined(separator: " ")
    }
}
