import Contracts
import Crypto
import Foundation

/// What an answer is kept under: a SHA-256 of the geocoder and the address, so that the file with the answers holds no
/// street. It keeps nobody from trying out an address that he has in mind.
struct AddressKey: Sendable, Hashable {
    let digest: Data

    /// Two spellings that differ in case, white space, full stops and commas, in the unit, or in the four digits behind
    /// the ZIP, are one address. What the answer depends on beside the address belongs to it: who is asked, in which
    /// edition, and whose credit is shown.
    init(_ address: PostalAddress, askedOf entry: GeocoderEntry) {
        let parts = [
            entry.kind.rawValue, entry.location, entry.benchmark, entry.vintage ?? "", entry.attribution ?? "",
            Self.normal(address.streetAsked), Self.normal(address.city),
            Self.normal(address.state), String(address.zip.prefix(5)),
        ]
        // Unit separators, which no part holds, so that no two lists of parts make one text.
        digest = Data(SHA256.hash(data: Data(parts.joined(separator: "\u{1F}").utf8)))
    }

    private static func normal(_ text: String) -> String {
        text.uppercased().split { $0.isWhitespace || $0 == "." || $0 == "," || $0 == "\u{1F}" }.joined(separator: " ")
    }
}
