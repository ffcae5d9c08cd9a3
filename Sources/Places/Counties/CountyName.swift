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

    private static let words: [Substring: String] = ["saint": "st", "sainte": "ste", "&": "and"]
}
