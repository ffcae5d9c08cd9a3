import AddressTable
import Contracts

/// An address in one line, as people write it: `901 Bagby St, Houston, TX 77002`.
enum AddressText {
    /// `nil` unless it has a street, a city, and a state, set off by commas; the ZIP may be missing.
    static func address(_ text: String) -> PostalAddress? {
        var parts = text.split(separator: ",").map { part in
            part.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        guard parts.count >= 3 else { return nil }
        var last = parts.removeLast().split(separator: " ").map(String.init)
        var zip = ""
        if let digits = last.last, digits.first?.isNumber == true {
            zip = digits
            last.removeLast()
        }
        guard let state = USState.code(written: last.joined(separator: " ")) else { return nil }
        let city = parts.removeLast()
        return PostalAddress(street: parts.joined(separator: " "), city: city, state: state, zip: zip)
    }
}
