import Contracts
import Places

/// The city, the state and the ZIP that a street's line repeats: `901 Bagby St Houston TX 77002`.
struct RepeatedPlace {
    /// As `PlaceName` makes it comparable; empty for none.
    private let city: [UInt8]
    /// USPS code; empty for none.
    let state: String
    private let zip: String

    var isPuertoRico: Bool { state == "PR" }

    /// Whether the words are the city, with or without state and ZIP.
    func isCity(_ words: [String]) -> Bool {
        var words = words[...]
        if words.count > 1, words.last.map({ $0.prefix(5) == zip && !zip.isEmpty }) == true { words.removeLast() }
        if words.count > 1, words.last == state { words.removeLast() }
        return !city.isEmpty && PlaceName.key(words.joined(separator: " ")) == city
    }

    init(city: String, state: String, zip: String) {
        self.city = PlaceName.key(city, droppingLast: state.lowercased())
        self.state = state.uppercased()
        self.zip = String(zip.prefix(5))
    }

    /// The words without the place at their end; `nil` when there is none.
    /// - Parameter isSure: whether only that is dropped which can be nothing else: what is left ends as a street does.
    ///   `12 Main Ct` in Connecticut has a court.
    func dropped(from words: [AddressWord], isSure: Bool) -> [AddressWord]? {
        var rest = words
        for country in Self.countries where rest.count > country.count + 2 {
            guard rest.suffix(country.count).map(\.text) == country, isPlace(Array(rest.dropLast(country.count)))
            else { continue }
            rest.removeLast(country.count)
            break
        }
        let hasZIP = dropZIP(&rest)
        // Behind a name that ends in nothing of a street's, `NY` is the state; `CT` and `NE` may be more.
        let isPlain = StreetSuffix.standard(state) == nil && Directional.standard(state) == nil
        let hasState = dropState(&rest, isSure: hasZIP || !isSure && isPlain)
        let hasCity = dropCity(&rest, isSure: hasZIP || hasState, mayEndAnyhow: !isSure)
        guard hasZIP || hasState || hasCity, rest.count < words.count, rest.count > 1 else { return nil }
        return rest
    }

    private static let countries = [
        ["USA"], ["US"], ["U", "S", "A"], ["U", "S"], ["UNITED", "STATES"], ["UNITED", "STATES", "OF", "AMERICA"],
    ]

    private func isPlace(_ words: [AddressWord]) -> Bool {
        guard let last = words.last?.text else { return false }
        if last == zip || last == state || last.hasPrefix("\(zip)-") && last.count == 10 { return true }
        if endsInCity(words) { return true }
        return (1...3).contains { count in
            !state.isEmpty && words.count > count
                && USState.code(name: words.suffix(count).map(\.text).joined(separator: " ")) == state
        }
    }

    private func dropZIP(_ words: inout [AddressWord]) -> Bool {
        // Nine digits are two words, or one with a hyphen.
        if words.count > 3, zip.count == 5, words[words.count - 2].text == zip, words[words.count - 1].text.count == 4,
            words[words.count - 1].text.allSatisfy(\.isNumber)
        {
            words.removeLast(2)
            return true
        }
        guard words.count > 2, zip.count == 5, let last = words.last?.text,
            last == zip || last.hasPrefix("\(zip)-") && last.count == 10
        else { return false }
        // `Highway 77002` is none, but a road might be called so.
        guard !NumberedRoad.isKind(words.dropLast().dropFirst().map(\.text)) else { return false }
        words.removeLast()
        return true
    }

    private func dropState(_ words: inout [AddressWord], isSure: Bool) -> Bool {
        for count in [1, 2, 3] where words.count > count + 1 {
            let text = words.suffix(count).map(\.text).joined(separator: " ")
            guard text == state || USState.code(name: text) == state, !state.isEmpty else { continue }
            let rest = Array(words.dropLast(count))
            guard isSure || endsAsStreet(rest) || endsInCity(rest) else { return false }
            words = rest
            return true
        }
        return false
    }

    private func dropCity(_ words: inout [AddressWord], isSure: Bool, mayEndAnyhow: Bool) -> Bool {
        // `Houston Harris County TX`
        if isSure, let last = words.last, ["COUNTY", "PARISH", "BOROUGH"].contains(last.text) {
            for name in 1...3 where words.count > name + 3 {
                var shorter = Array(words.dropLast(name + 1))
                guard dropCity(&shorter, isSure: true, mayEndAnyhow: mayEndAnyhow) else { continue }
                words = shorter
                return true
            }
        }
        guard let count = cityCount(words) else { return false }
        let rest = Array(words.dropLast(count))
        guard endsAsStreet(rest) || mayEndAnyhow || isSure && !isWay(rest) else { return false }
        words = rest
        return true
    }

    private func endsInCity(_ words: [AddressWord]) -> Bool { cityCount(words) != nil }

    /// How many words at the end are the city's; at least a number and a name are left.
    private func cityCount(_ words: [AddressWord]) -> Int? {
        guard !city.isEmpty else { return nil }
        return (1...5).last { count in
            words.count >= count + 2
                && PlaceName.key(words.suffix(count).map(\.text).joined(separator: " ")) == city
        }
    }

    /// Whether a name of a street's kind is left only, which needs what follows: `12 Avenue of Smalltown`.
    private func isWay(_ words: [AddressWord]) -> Bool {
        words.count <= 2 && words.last.map { StreetSuffix.standard($0.text) != nil } == true
            || words.last.map { ["OF", "THE", "DE", "DEL", "LA", "LE", "DU"].contains($0.text) } == true
    }

    private func endsAsStreet(_ words: [AddressWord]) -> Bool {
        let street = UnitDesignator.kept(of: Array(words.dropFirst())).words.map(\.text)
        guard street.count > 1, let last = street.last else { return false }
        if Directional.standard(last) != nil { return street.count > 1 }
        if street.count < words.count - 1 { return true }
        return StreetSuffix.usual.contains(StreetSuffix.standard(last) ?? "") || NumberedRoad.read(street) != nil
    }
}
