package import Contracts

extension USState {
    /// The code of what a file calls a state: a code or a name, in any case; `nil` for anything else, and for those
    /// that have no streets of their own.
    package static func code(written text: String) -> String? {
        let words = AddressWords.texts(text)
        if words.count == 1, words[0].count == 2 { return hasCounties(words[0]) ? words[0] : nil }
        return code(name: words.joined(separator: " "))
    }
}
