import AddressTable
import Contracts

/// An address in one line, as people write it: `901 Bagby St, Houston, TX 77002`.
enum AddressText {
    /// `nil` unless it has a street, a city, and a state; street and city are set off by commas, and the ZIP may be missing.
    static func address(_ text: String) -> PostalAddress? {
        var parts = text.split(separator: ",").map { part in
            part.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        guard parts.count >= 2 else { return nil }
        var last = parts.removeLast().split(separator: " ").map(String.init)
        var zip = ""
        if let digits = last.last, digits.first?.isNumber == true {
            zip = digits
            last.removeLast()
        }
        // `Houston TX`, `Santa Fe New Mexico`: the longest name that is a state's.
        guard
            let start = last.indices.first(where: { USState.code(written: last[$0...].joined(separator: " ")) != nil }),
            let state = USState.code(written: last[start...].joined(separator: " "))
        else { return nil }
        let city = start > 0 ? last[..<start].joined(separator: " ") : parts.removeLast()
        guard !parts.isEmpty else { return nil }
        return PostalAddress(street: parts.joined(separator: ", "), city: city, state: state, zip: zip)
    }
}
