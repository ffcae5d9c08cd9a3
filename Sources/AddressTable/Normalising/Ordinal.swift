/// `5TH`, whichever way it is written.
enum Ordinal {
    private static let ones = [
        "FIRST": 1, "SECOND": 2, "THIRD": 3, "FOURTH": 4, "FIFTH": 5, "SIXTH": 6, "SEVENTH": 7, "EIGHTH": 8, "NINTH": 9,
    ]
    private static let others = [
        "TENTH": 10, "ELEVENTH": 11, "TWELFTH": 12, "THIRTEENTH": 13, "FOURTEENTH": 14, "FIFTEENTH": 15,
        "SIXTEENTH": 16,
        "SEVENTEENTH": 17, "EIGHTEENTH": 18, "NINETEENTH": 19, "TWENTIETH": 20, "THIRTIETH": 30, "FORTIETH": 40,
        "FIFTIETH": 50, "SIXTIETH": 60, "SEVENTIETH": 70, "EIGHTIETH": 80, "NINETIETH": 90,
    ]
    private static let tens = [
        "TWENTY": 20, "THIRTY": 30, "FORTY": 40, "FIFTY": 50, "SIXTY": 60, "SEVENTY": 70, "EIGHTY": 80, "NINETY": 90,
    ]

    /// `21` → `21ST`.
    static func text(_ number: Int) -> String {
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
    static func inDigits(_ words: [String]) -> [String] {
        var result: [String] = []
        var index = words.startIndex
        while index < words.endIndex {
            let word = words[index]
            let next = index + 1 < words.endIndex ? words[index + 1] : ""
            if let ten = tens[word], let one = ones[next] {
                result.append(text(ten + one))
                index += 1
            } else if let number = ones[word] ?? others[word] ?? number(of: word) {
                result.append(text(number))
            } else {
                result.append(word)
            }
            index += 1
        }
        return result
    }

    /// The number of `21ST`; `nil` for what is no ordinal.
    static func number(of word: String) -> Int? {
        guard word.count > 2, ["ST", "ND", "RD", "TH"].contains(word.suffix(2)) else { return nil }
        return Int(word.dropLast(2)).flatMap { (1...9999).contains($0) ? $0 : nil }
    }
}
