/// A house number: what it counts, and what else is in it.
package struct HouseNumber: Sendable, Hashable {
    /// The part that ascends along the street. Of `123-45`, as Queens and Hawaii have it, all digits: people leave the
    /// hyphen out. Of `N6W23001`, as Wisconsin has it, the last.
    package var number: Int
    /// The rest: `A` of `123A`, `1/2`; with a hyphen behind it what stands in front, `N6W-`; empty for none.
    package var rest: String

    static let highest = 99_999_999

    package init(number: Int, rest: String = "") {
        self.number = number
        self.rest = rest
    }

    /// - Parameter text: a house number alone, as a file's column has it. `nil` for what has no number, and for 0, which files
    ///   write for none.
    package init?(_ text: String) {
        var words = AddressWords.of(text)[...]
        self.init(takenFrom: &words, inFront: false)
        let more = words.filter { $0 != "#" }.joined(separator: " ")
        if !more.isEmpty { rest += rest.isEmpty ? more : " " + more }
    }

    /// Takes the number from the front of an address line; leaves the words alone when there is none.
    /// - Parameter inFront: whether a street follows. Then an ordinal is a street's name, and so is a letter of its own.
    init?(takenFrom words: inout ArraySlice<String>, inFront: Bool) {
        guard let first = words.first else { return nil }
        var taken = 1
        if let grid = Self.grid(first, words.dropFirst().first ?? "") {
            (self.number, self.rest, taken) = grid
        } else if let number = Self.plain(first, isOrdinal: inFront) {
            self = number
            if let next = words.dropFirst().first, next.contains("/"), next.first?.isNumber == true {
                rest += rest.isEmpty ? next : " " + next
                taken = 2
            }
        } else {
            return nil
        }
        guard (1...Self.highest).contains(number), !inFront || words.count > taken else { return nil }
        words.removeFirst(taken)
    }

    /// `123`, `123A`, `123-A`, `123-45`.
    private static func plain(_ word: String, isOrdinal: Bool) -> HouseNumber? {
        let digits = word.prefix(while: \.isNumber)
        guard !digits.isEmpty, let number = Int(digits) else { return nil }
        var rest = word.dropFirst(digits.count)
        if isOrdinal, ["ST", "ND", "RD", "TH"].contains(rest) { return nil }
        if rest.first == "/" { return nil }
        let hyphen = rest.first == "-"
        if hyphen { rest = rest.dropFirst() }
        guard hyphen, let second = Int(rest) else { return HouseNumber(number: number, rest: String(rest)) }
        // `100-104` is a building of several numbers: its first one counts.
        if rest.count == digits.count, second > number, second - number <= 98, (second - number).isMultiple(of: 2) {
            return HouseNumber(number: number, rest: "-\(rest)")
        }
        return Int(digits + rest).map { HouseNumber(number: $0) }
    }

    /// `N6W23001`, in one word or two, and `W3985`.
    private static func grid(_ first: String, _ second: String) -> (Int, String, Int)? {
        if let whole = pieces(first), whole.count == 2 {
            return (whole[1].number, "\(whole[0].text)\(whole[1].letter)-", 1)
        }
        guard let one = pieces(first), one.count == 1 else { return nil }
        if let other = pieces(second), other.count == 1 {
            return (other[0].number, "\(one[0].text)\(other[0].letter)-", 2)
        }
        return one[0].number > 99 ? (one[0].number, "\(one[0].letter)-", 1) : nil
    }

    /// A letter of the compass and digits, once or twice; `nil` for anything else.
    private static func pieces(_ word: String) -> [(letter: Character, number: Int, text: Substring)]? {
        var pieces: [(letter: Character, number: Int, text: Substring)] = []
        var rest = word[...]
        while let letter = rest.first {
            let digits = rest.dropFirst().prefix(while: \.isNumber)
            guard "NSEW".contains(letter), let number = Int(digits) else { return nil }
            pieces.append((letter, number, rest.prefix(digits.count + 1)))
            rest = rest.dropFirst(digits.count + 1)
        }
        return pieces.isEmpty ? nil : pieces
    }

    package var text: String {
        if rest.hasSuffix("-") { return "\(rest.dropLast())\(number)" }
        return rest.contains("/") ? "\(number) \(rest)" : "\(number)\(rest)"
    }
}
