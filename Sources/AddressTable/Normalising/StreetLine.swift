/// The first line of an address, taken apart: `901 Bagby St Apt 4`.
package struct StreetLine: Sendable, Hashable {
    /// `nil` when the line has none.
    package var number: HouseNumber?
    package var street: StreetName

    private static let numbers = [
        "ONE": "1", "TWO": "2", "THREE": "3", "FOUR": "4", "FIVE": "5", "SIX": "6", "SEVEN": "7", "EIGHT": "8",
        "NINE": "9",
        "TEN": "10",
    ]

    /// `nil` for what is no street: a post office box, a rural route's box, general delivery, nothing.
    package init?(_ text: String) {
        var words = UnitDesignator.droppedInFront(of: AddressWords.of(text)[...])
        guard let first = words.first, !Self.isBox(words) else { return nil }
        // `One Market St`
        if words.count >= 3, let digits = Self.numbers[first] { words[words.startIndex] = digits }
        number = HouseNumber(takenFrom: &words, inFront: true)
        guard let street = StreetName(words: UnitDesignator.dropped(from: words)) else { return nil }
        self.street = street
    }

    private static func isBox(_ words: ArraySlice<String>) -> Bool {
        let start = words.prefix(4).joined(separator: " ")
        let boxes = ["PO BOX", "P O BOX", "POB ", "POST OFFICE", "BOX ", "GENERAL DELIVERY", "PSC ", "CMR "]
        let routes = words.first.map { ["RR", "RFD", "HC", "RURAL"].contains($0) } == true
        return (start + " ").hasPrefix("GENERAL DELIVERY ") || boxes.contains { (start + " ").hasPrefix($0) }
            || (routes && words.contains("BOX"))
    }
}
