/// A street in the one way to write it: `North Main Street` and `N. Main St` are one.
package struct StreetName: Sendable, Hashable {
    /// The name alone: `MAIN`, `5TH`, `ST PAUL`; of a numbered road the number. Never empty.
    package var name: String
    /// The directional before the name; empty for none.
    package var before = ""
    /// The standard abbreviation of the street's kind; empty for none.
    package var suffix = ""
    /// The directional behind it all; empty for none.
    package var after = ""

    /// - Parameter text: a street without house number and unit. `nil` when nothing of it is left that could be a name.
    package init?(_ text: String) { self.init(words: AddressWords.of(text)[...]) }

    package init(name: String, before: String, suffix: String, after: String) {
        self.name = name
        self.before = before
        self.suffix = suffix
        self.after = after
    }

    init?(words: ArraySlice<String>) {
        let parts = words.flatMap { $0.split(whereSeparator: { $0 == "-" || $0 == "/" }).map(String.init) }
        var rest = Ordinal.inDigits(parts.filter { $0 != "#" }.flatMap(NumberedRoad.split))
        if rest.count >= 3, let both = Directional.standard(rest[rest.count - 2], rest[rest.count - 1]) {
            after = both
            rest.removeLast(2)
        } else if rest.count >= 2, let last = Directional.standard(rest[rest.count - 1]) {
            after = last
            rest.removeLast()
        }
        if rest.count >= 2, let kind = StreetSuffix.standard(rest[rest.count - 1]) {
            suffix = kind
            rest.removeLast()
        }
        if rest.count >= 3, let both = Directional.standard(rest[0], rest[1]) {
            before = both
            rest.removeFirst(2)
        } else if rest.count >= 2, let first = Directional.standard(rest[0]) {
            before = first
            rest.removeFirst()
        }
        if ["", "RD", "HWY", "ST"].contains(suffix), let road = NumberedRoad.read(rest) {
            (name, suffix) = (road.number, road.kind)
            return
        }
        name = Self.name(rest, hasSuffix: !suffix.isEmpty)
        if name.isEmpty { return nil }
    }

    private static func name(_ words: [String], hasSuffix: Bool) -> String {
        // `North St`: the directional is the name. Some write `N St` for it.
        if words.count == 1, let only = Directional.standard(words[0]) { return only }
        // `57 St`: New York's own files write it so. Without a suffix it is a grid's number: `400 S`.
        if words.count == 1, hasSuffix, let number = Int(words[0]), (1...999).contains(number) {
            return Ordinal.text(number)
        }
        return honoured(words).map(StreetSuffix.inName).joined(separator: " ")
    }

    /// `Dr. Martin Luther King Jr.`, the name that is shortened in the most ways.
    private static func honoured(_ words: [String]) -> [String] {
        var words = words
        if words.count >= 3, words[0] == "DR" { words.removeFirst() }
        if words.count >= 2, ["JR", "JUNIOR"].contains(words[words.count - 1]) { words.removeLast() }
        if words == ["MLK"] || words == ["M", "L", "KING"] || words == ["ML", "KING"] {
            return ["MARTIN", "LUTHER", "KING"]
        }
        return words
    }

    /// How many parts differ, when none contradicts the other: what one side leaves out is no contradiction, and neither is
    /// a directional on the other end. `nil` for two streets.
    func difference(from other: StreetName) -> Int? {
        guard name == other.name else { return nil }
        var difference = 0
        if suffix != other.suffix {
            guard suffix.isEmpty || other.suffix.isEmpty || Self.isBare(suffix, other.suffix) else { return nil }
            difference += 1
        }
        if before == other.before, after == other.after { return difference }
        if before == other.after, after == other.before { return difference + 1 }
        for (one, theirs) in [(before, other.before), (after, other.after)] where one != theirs {
            guard one.isEmpty || theirs.isEmpty else { return nil }
            difference += 1
        }
        return difference
    }

    private static func isBare(_ one: String, _ other: String) -> Bool {
        (one == NumberedRoad.bare && NumberedRoad.notBare.contains(other))
            || (other == NumberedRoad.bare && NumberedRoad.notBare.contains(one))
    }

    /// As it is written on an envelope.
    package var text: String {
        let parts =
            suffix.contains(" ") || suffix == NumberedRoad.bare
            ? [before, suffix, name, after] : [before, name, suffix, after]
        return parts.filter { !$0.isEmpty }.joined(separator: " ")
    }
}
