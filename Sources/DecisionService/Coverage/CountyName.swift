import Foundation

/// A county's name, in a form in which `Doña Ana County`, `dona ana county` and `St. Louis city`,
/// `Saint Louis City` are the same. `Richmond County` and `Richmond city` stay two.
struct CountyName: Sendable, Hashable {
    private let key: String

    /// - Parameter name: in full, with what it is: `Harris County`, `Orleans Parish`.
    init(_ name: String) {
        let folded = name.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
        let words = folded.split { !$0.isLetter && !$0.isNumber && $0 != "'" }
        key = words.map { $0 == "saint" ? "st" : $0 == "sainte" ? "ste" : $0 }.joined(separator: " ")
    }

    /// Whether it ends as the names of counties do, or is one of the few that are a name alone. Any other would match
    /// nothing, silently.
    func isFull(in state: String) -> Bool {
        Self.kinds.contains { key.hasSuffix(" " + $0) } || Self.bare[state]?.contains(key) == true
    }

    /// Connecticut's planning regions of 2022: locations carry the older counties.
    var isPlanningRegion: Bool { key.hasSuffix(" planning region") }

    private static let kinds = [
        "county", "parish", "borough", "census area", "municipality", "municipio", "city", "planning region",
    ]
    private static let bare: [String: Set<String>] = [
        "AK": ["valdez cordova"],
        "AS": ["eastern", "manu'a", "rose island", "swains island", "western"],
        "DC": ["district of columbia"],
        "GU": ["guam"],
        "MP": ["northern islands", "rota", "saipan", "tinian"],
        "VI": ["st croix", "st john", "st thomas"],
    ]
}
