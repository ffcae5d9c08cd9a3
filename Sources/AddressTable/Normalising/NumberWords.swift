/// Numbers in words and ordinals, in the one way to write them: `TWENTY FIRST` and `21TH` are `21ST`.
enum NumberWords {
    private static let ones = [
        "FIRST": 1, "SECOND": 2, "THIRD": 3, "FOURTH": 4, "FIFTH": 5, "SIXTH": 6, "SEVENTH": 7, "EIGHTH": 8, "NINTH": 9,
    ]
    private static let others = [
        "TENTH": 10, "ELEVENTH": 11, "TWELFTH": 12, "THIRTEENTH": 13, "FOURTEENTH": 14, "FIFTEENTH": 15,
        "SIXTEENTH": 16, "SEVENTEENTH": 17, "EIGHTEENTH": 18, "NINETEENTH": 19, "TWENTIETH": 20, "THIRTIETH": 30,
        "FORTIETH": 40, "FIFTIETH": 50, "SIXTIETH": 60, "SEVENTIETH": 70, "EIGHTIETH": 80, "NINETIETH": 90,
        "HUNDREDTH": 100,
    ]
    private static let tens = [
        "TWENTY": 20, "THIRTY": 30, "FORTY": 40, "FIFTY": 50, "SIXTY": 60, "SEVENTY": 70, "EIGHTY": 80, "NINETY": 90,
    ]
    private static let cardinals = [
        "ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5, "SIX": 6, "SEVEN": 7, "EIGHT": 8, "NINE": 9, "TEN": 10,
        "ELEVEN": 11, "TWELVE": 12, "THIRTEEN": 13, "FOURTEEN": 14, "FIFTEEN": 15, "SIXTEEN": 16, "SEVENTEEN": 17,
        "EIGHTEEN": 18, "NINETEEN": 19,
    ]

    /// `21` → `21ST`.
    static func ordinal(_ number: Int) -> String {
        let ending =
            switch (number % 10, number % 100) {
            case (1, let rest) where rest != 11: "ST"
            case (2, let rest) where rest != 12: "ND"
            case (3, let rest) where rest != 13: "RD"
            default: "TH"
            }
        return "\(number)\(ending)"
    }

    /// The words with every ordinal in digits, and each with its right ending: `TWENTY FIRST`, `21TH` → `21ST`.
    /// - Parameter cardinalsToo: whether `NINE` becomes `9`.
    static func inDigits(_ words: [String], cardinalsToo: Bool = false) -> [String] {
        var result: [String] = []
        var index = words.startIndex
        while index < words.endIndex {
            let (text, count) =
                ordinal(at: index, in: words) ?? (cardinalsToo ? cardinal(at: index, in: words) : nil)
                ?? (words[index], 1)
            result.append(text)
            index += count
        }
        return result
    }

    /// The ordinal that begins there, and how many words it takes.
    private static func ordinal(at index: Int, in words: [String]) -> (String, Int)? {
        func word(_ offset: Int) -> String { index + offset < words.endIndex ? words[index + offset] : "" }
        // `ONE HUNDRED [AND] TENTH`
        if let hundreds = cardinals[word(0)], hundreds < 10, word(1) == "HUNDRED" {
            let skipped = word(2) == "AND" ? 3 : 2
            if let (rest, count) = ordinalInWords(word(skipped), word(skipped + 1)), rest < 100 {
                return (ordinal(hundreds * 100 + rest), skipped + count)
            }
        }
        if let hundreds = cardinals[word(0)], hundreds < 10, word(1) == "HUNDREDTH" {
            return (ordinal(hundreds * 100), 2)
        }
        if let (number, count) = ordinalInWords(word(0), word(1)) { return (ordinal(number), count) }
        return number(ofOrdinal: word(0)).map { (ordinal($0), 1) }
    }

    private static func cardinal(at index: Int, in words: [String]) -> (String, Int)? {
        guard let ten = tens[words[index]] else { return cardinals[words[index]].map { ("\($0)", 1) } }
        let next = index + 1 < words.endIndex ? cardinals[words[index + 1]] ?? 10 : 10
        return next < 10 ? ("\(ten + next)", 2) : ("\(ten)", 1)
    }

    private static func ordinalInWords(_ first: String, _ second: String) -> (Int, Int)? {
        if let ten = tens[first], let one = ones[second] { return (ten + one, 2) }
        return (ones[first] ?? others[first]).map { ($0, 1) }
    }

    /// `ONE` to `NINETEEN`.
    static func cardinal(_ word: String) -> Int? { cardinals[word] }

    /// The number that stands in front in words, and how many words it takes: `FIFTY FIVE`, `FIFTY-FIVE`, `ONE
    /// HUNDRED`. `TWENTY FIRST` is a street.
    static func spelled(_ words: [String]) -> (Int, count: Int)? {
        guard let first = words.first else { return nil }
        let pair = first.split(separator: "-").map(String.init)
        if pair.count == 2, let ten = tens[pair[0]], let one = cardinals[pair[1]], one < 10 { return (ten + one, 1) }
        let next = words.count > 1 ? words[1] : ""
        if let ten = tens[first] {
            if ones[next] != nil { return nil }
            guard let one = cardinals[next], one < 10 else { return (ten, 1) }
            return (ten + one, 2)
        }
        guard let number = cardinals[first] else { return nil }
        guard number < 10, next == "HUNDRED" else { return (number, 1) }
        guard case let behind = Array(words.dropFirst(2)), let (rest, count) = spelled(behind), rest < 100 else {
            return ordinal(at: 0, in: words) == nil ? (number * 100, 2) : (number, 1)
        }
        return (number * 100 + rest, 2 + count)
    }

    /// Whether it is `5TH`, or `FIFTH`.
    static func isOrdinal(_ word: String) -> Bool {
        number(ofOrdinal: word) != nil || ones[word] ?? others[word] != nil
    }

    /// The number of `21ST`; `nil` for what is no ordinal.
    static func number(ofOrdinal word: String) -> Int? {
        guard word.count > 2, ["ST", "ND", "RD", "TH"].contains(word.suffix(2)) else { return nil }
        return Int(word.dropLast(2)).flatMap { (1...9999).contains($0) ? $0 : nil }
    }
}
