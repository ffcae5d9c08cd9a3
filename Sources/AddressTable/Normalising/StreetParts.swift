/// A street whose parts stand in columns of their own, as the National Address Database and counties have them.
package struct StreetParts {
    package var name: String
    package var preModifier = ""
    package var preDirectional = ""
    package var preType = ""
    package var preSeparator = ""
    package var postType = ""
    package var postDirectional = ""
    package var postModifier = ""

    package init(name: String) { self.name = name }

    /// The whole: `North Old County Road 12 East Extension`. What a name that ends with its type has already is not
    /// repeated.
    package var text: String {
        var parts = self
        let words = AddressWords.texts(name)
        if words.count > 1, let type = StreetSuffix.standard(AddressWords.texts(postType).first ?? ""),
            words.dropFirst().suffix(2).contains(where: { StreetSuffix.standard($0) == type })
        {
            parts.postType = ""
            if Self.isSame(words[0], preDirectional) { parts.preDirectional = "" }
            if Self.isSame(words[words.count - 1], postDirectional) { parts.postDirectional = "" }
        }
        return [
            preModifier, parts.preDirectional, preType, preSeparator, name, parts.postType, parts.postDirectional,
            postModifier,
        ].filter { !$0.isEmpty }.joined(separator: " ")
    }

    private static func isSame(_ word: String, _ directional: String) -> Bool {
        Directional.standard(word) != nil
            && Directional.standard(word) == Directional.standard(AddressWords.texts(directional).joined())
    }

    package static func isDirectional(_ text: String) -> Bool {
        let words = AddressWords.texts(text)
        return words.count == 1 && Directional.standard(words[0]) != nil
            || words.count == 2 && Directional.standard(words[0], words[1]) != nil
    }

    /// `ST`, `Avenue`; also `ST RD`, which a few streets have.
    package static func isType(_ text: String) -> Bool {
        let words = AddressWords.texts(text)
        return (1...2).contains(words.count) && words.allSatisfy { StreetSuffix.standard($0) != nil }
    }
}
