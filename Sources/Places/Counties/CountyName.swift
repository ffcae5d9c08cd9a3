import Contracts
import Foundation

/// A county's name, in a form in which `Doña Ana County`, `dona ana county` and `St. Louis city`,
/// `Saint Louis City`, and `De Kalb County`, `DeKalb County` are the same. `Richmond County` and `Richmond city` stay
/// two.
package struct CountyName: Sendable, Hashable {
    let key: String

    /// - Parameter name: in full, with what it is: `Harris County`, `Orleans Parish`.
    package init(_ name: String) {
        // Nearly all names are of plain letters; asking Foundation about each would take most of the time.
        let isPlain = name.utf8.allSatisfy { $0 < 0x80 }
        let folded =
            isPlain
            ? name.lowercased()
            : name.withoutInvisible.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
        let words = folded.filter { $0 != "'" && $0 != "’" && $0 != "." }
            .split { !$0.isLetter && !$0.isNumber && $0 != "&" }
        key = words.map { Self.words[$0] ?? String($0) }.joined()
    }

    /// What a name with its kind in front may be: `City of Richmond` is `Richmond city`, `City and County of Honolulu`
    /// is `Honolulu County`. None for any other name.
    static func turned(_ name: String) -> [String] {
        for (front, behind) in kinds {
            guard name.utf8.count <= 100, name.lowercased().hasPrefix(front) else { continue }
            let rest = name.dropFirst(front.count)
            return behind.map { "\(rest) \($0)" }
        }
        return []
    }

    private static let kinds: [(front: String, behind: [String])] = [
        ("city and county of ", ["County", "city"]), ("city & county of ", ["County", "city"]),
        ("city and borough of ", ["City and Borough", "Borough"]), ("city of ", ["city"]), ("county of ", ["County"]),
        ("parish of ", ["Parish"]), ("borough of ", ["Borough"]), ("municipality of ", ["Municipality", "Municipio"]),
        ("municipio de ", ["Municipio"]), ("municipio of ", ["Municipio"]),
    ]

    private static let words: [Substring: String] = ["saint": "st", "sainte": "ste", "&": "and"]
}
