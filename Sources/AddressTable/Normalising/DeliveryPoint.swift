/// Places that mail is kept for, and that no street leads to (USPS Publication 28, sections 24 to 28): post office
/// boxes, general delivery, rural and highway contract routes, military addresses.
///
/// The one list of them: a table of one's own, and every geocoder, are asked for what is not in it.
enum DeliveryPoint {
    private static let boxes = [
        ["PO", "BOX"], ["P", "O", "BOX"], ["POBOX"], ["POB"], ["POST", "OFFICE", "BOX"], ["POST", "OFC", "BOX"],
        ["POST", "BOX"], ["POSTAL", "BOX"], ["PO", "BX"], ["PO", "B"], ["P", "O", "B"], ["BOX"], ["BX"],
        ["PO", "DRAWER"],
        ["P", "O", "DRAWER"], ["POST", "OFFICE", "DRAWER"], ["DRAWER"], ["DRAW"], ["PO", "BIN"], ["BIN"], ["CALLER"],
        ["FIRM", "CALLER"], ["CALLER", "SERVICE"], ["PO", "CALLER"], ["LOCKBOX"], ["LOCK", "BOX"], ["LOCK", "DRAWER"],
        ["PMB"], ["PRIVATE", "MAILBOX"], ["MAILBOX"], ["PO"], ["P", "O"], ["POST", "OFFICE"], ["APARTADO"], ["APDO"],
        ["APTDO"], ["APARTADO", "POSTAL"], ["BUZON"],
    ]
    private static let routes = [
        ["RR"], ["R", "R"], ["RURAL", "ROUTE"], ["RURAL", "RTE"], ["RURAL", "RT"], ["RURAL", "RR"], ["RFD"],
        ["R", "F", "D"],
        ["RD"], ["RFD", "ROUTE"], ["RFD", "RT"], ["RURAL", "DELIVERY"], ["RURAL", "FREE", "DELIVERY"],
        ["RURAL", "FREE", "DELIVERY", "ROUTE"], ["HC"], ["H", "C"], ["HCR"], ["H", "C", "R"], ["HC", "ROUTE"],
        ["HC", "RT"], ["HIGHWAY", "CONTRACT"], ["HWY", "CONTRACT"], ["HIGHWAY", "CONTRACT", "ROUTE"],
        ["HIGHWAY", "CONTRACT", "RT"], ["HWY", "CONTRACT", "ROUTE"], ["HWY", "CONTRACT", "RT"], ["STAR", "ROUTE"],
        ["STAR", "RT"], ["STAR", "RTE"], ["STR"], ["ROUTE"], ["RT"], ["RTE"], ["R"], ["MC"], ["CONTRACT", "ROUTE"],
    ]
    private static let general: Set = [
        "GENERAL DELIVERY", "GEN DELIVERY", "GENL DELIVERY", "GENERAL DEL", "GEN DEL", "GENDEL", "GENERALDELIVERY",
        "GD",
        "G D", "POSTE RESTANTE", "LISTA DE CORREOS", "ENTREGA GENERAL",
    ]
    /// What people write who have no address, or do not say it.
    private static let nothing: Set = [
        "NONE", "N/A", "NA", "N A", "UNKNOWN", "UNK", "NULL", "NIL", "HOMELESS", "TRANSIENT", "NO ADDRESS", "NO STREET",
        "NO STREET ADDRESS", "NO FIXED ADDRESS", "NOT AVAILABLE", "NOT APPLICABLE", "TBD", "SAME", "SAME AS ABOVE",
        "NO PERMANENT ADDRESS", "UNDISCLOSED", "CONFIDENTIAL", "HOLD FOR PICKUP", "WILL CALL",
    ]

    /// How many of the words are such a place, from the first on: 0 for a street, all for nothing but a box, fewer
    /// where a street may follow: `PO Box 45 123 Main St`.
    static func length(in words: [String]) -> Int {
        let text = words.joined(separator: " ")
        if nothing.contains(text) { return words.count }
        // `General Delivery Ln`, `USS Arizona Dr`
        if isGeneral(words) { return isStreet(words) ? 0 : words.count }
        // `RR2`, `POBox12`
        guard let first = words.first, let glued = split(first) else {
            return (isStreet(words) ? nil : military(words)) ?? route(words) ?? box(words) ?? 0
        }
        let whole = glued + words.dropFirst()
        return max(0, (route(whole) ?? box(whole) ?? 1) - 1)
    }

    /// Whether it ends as a street does.
    private static func isStreet(_ words: [String]) -> Bool {
        words.count > 2 && StreetSuffix.usual.contains(StreetSuffix.standard(words[words.count - 1]) ?? "")
    }

    private static func isGeneral(_ words: [String]) -> Bool {
        (1...3).contains { count in
            let text = words.prefix(count).joined(separator: " ")
            return general.contains(text) && (words.count == count || text != "GD")
        }
    }

    /// `PSC 3 Box 1234`, `CMR 12 Box 3`, `Unit 2050 Box 4190`, `USS Nimitz`.
    private static func military(_ words: [String]) -> Int? {
        guard words.count > 1 else { return nil }
        if ["PSC", "CMR", "OMC", "UMR"].contains(words[0]), isIdentifier(words[1]) || words[1] == "BOX" {
            return words.count
        }
        if ["USS", "USCGC", "USNS", "USNV"].contains(words[0]) { return words.count }
        if words[0] == "UNIT", words.count >= 4, isIdentifier(words[1]), ["BOX", "BX"].contains(words[2]),
            words[3].contains(where: \.isNumber)
        {
            return words.count
        }
        return nil
    }

    private static func route(_ words: [String]) -> Int? {
        guard let name = longest(routes, in: words) else { return nil }
        var index = name.count
        while index < words.count, ["NO", "NUMBER", "#"].contains(words[index]) { index += 1 }
        let hasNumber =
            index < words.count && (words[index].first?.isNumber == true || words[index].count == 1)
            && NumberWords.number(ofOrdinal: words[index]) == nil
        let rest = words[min(words.count, index + (hasNumber ? 1 : 0))...]
        let hasBox = rest.contains {
            ["BOX", "BX", "#"].contains($0) || $0.hasPrefix("BOX") && $0.last?.isNumber == true
        }
        if hasBox { return behindBox(words, from: index) }
        // `Star Route` has a number or none; `RD`, `R` and `MC` are a route only with a number and a box.
        if ["RD", "R", "STR", "MC"].contains(name.joined(separator: " ")) { return nil }
        if !hasNumber { return rest.isEmpty && name.count > 1 ? words.count : nil }
        if rest.isEmpty { return words[index].allSatisfy(\.isNumber) ? words.count : nil }
        if let street = street(in: words, from: index + 1) { return street }
        // `RR 2 Smalltown`, but `Route 2 North` may be a road.
        let isSure = !["ROUTE", "RT", "RTE"].contains(name.joined(separator: " "))
        return isSure && !isStreet(words) ? words.count : nil
    }

    private static func box(_ words: [String]) -> Int? {
        guard let name = longest(boxes, in: words) else { return nil }
        var index = name.count
        while index < words.count, ["NO", "NUMBER", "#"].contains(words[index]) { index += 1 }
        let text = name.joined(separator: " ")
        guard index < words.count else { return name.count > 1 || ["POBOX", "POB"].contains(text) ? words.count : nil }
        // `Box Canyon Rd`, `Drawer Ln`, `PO Valley Rd`
        let isSure = name.contains("BOX") && name.count > 1 || ["POBOX", "POB"].contains(text)
        let isNumbered = isIdentifier(words[index]) || words[index].contains { $0.isNumber }
        guard isSure || isNumbered else { return nil }
        return street(in: words, from: index + 1) ?? words.count
    }

    /// Behind the number of a route's box.
    private static func behindBox(_ words: [String], from index: Int) -> Int {
        guard let box = words[index...].firstIndex(where: { ["BOX", "BX", "#"].contains($0) }) else {
            return words.count
        }
        return street(in: words, from: box + 2) ?? words.count
    }

    /// Where a street begins that has a house number; `nil` for none.
    private static func street(in words: [String], from index: Int) -> Int? {
        guard words.count - index >= 2 else { return nil }
        let isStreet =
            words[index].allSatisfy(\.isNumber)
            && words[(index + 1)...].contains { $0.count > 1 && $0.allSatisfy(\.isLetter) }
        return isStreet && !["BOX", "BX", "#"].contains(words[index + 1]) ? index : nil
    }

    private static func longest(_ names: [[String]], in words: [String]) -> [String]? {
        names.filter { words.starts(with: $0) }.max { $0.count < $1.count }
    }

    /// `RR2` → `RR`, `2`.
    private static func split(_ word: String) -> [String]? {
        let letters = word.prefix(while: \.isLetter)
        let behind = word.dropFirst(letters.count).drop { $0 == "-" }
        guard ["RR", "HC", "HCR", "RFD", "RT", "RTE", "POBOX", "POB", "BOX"].contains(letters),
            behind.first?.isNumber == true
        else { return nil }
        return [String(letters), String(behind)]
    }

    private static func isIdentifier(_ word: String) -> Bool {
        word.count == 1 || word.first?.isNumber == true && NumberWords.number(ofOrdinal: word) == nil
            || word.count <= 3 && word.allSatisfy(\.isLetter) && StreetSuffix.standard(word) == nil
                && Directional.standard(word) == nil
    }
}
