/// The number of a house on its street, as far as two writings of it can be compared.
enum HouseNumber {
    /// The number that the street line begins with; `nil` when it begins with none.
    static func asked(in street: String) -> String? {
        guard let first = street.split(whereSeparator: \.isWhitespace).first, first.contains(where: \.isNumber) else {
            return nil
        }
        return String(first)
    }

    /// Whether the house that was found is the one that was asked for. Where no number was asked for, any house is;
    /// where an answer has several (`901;903`, `901-905`), one of them must be it.
    static func isSame(_ found: String?, as asked: String?) -> Bool {
        guard let asked else { return true }
        guard let found else { return false }
        let wanted = plain(asked)
        return plain(found) == wanted || found.split { ";,-".contains($0) }.contains { plain($0) == wanted }
    }

    private static func plain(_ text: some StringProtocol) -> String {
        text.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}
