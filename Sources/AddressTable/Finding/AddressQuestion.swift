package import Contracts
import Places

/// An address as the table has it.
package struct AddressQuestion: Sendable, Equatable {
    /// What the line may mean, the most natural first.
    package var readings: [StreetLine.Reading]
    /// 0 when what was named is no ZIP.
    package var zip: Int
    /// USPS code.
    package var state: String
    /// As `PlaceName` makes it comparable.
    package var city: String

    init(readings: [StreetLine.Reading], zip: Int, state: String, city: String) {
        self.readings = readings
        self.zip = zip
        self.state = state
        self.city = city
    }

    /// `nil` when the address has no street: a post office box, say.
    package init?(_ address: PostalAddress) {
        guard let line = StreetLine(address) else { return nil }
        let state = address.state.uppercased()
        self.init(
            readings: line.readings, zip: ZIPCode(address.zip).map { Int($0.number) } ?? 0, state: state,
            city: Self.city(address.city, state: state))
    }

    /// Whether house numbers have hyphens in them there.
    var joinsHyphens: Bool { HouseNumber.joinsHyphens(zip: zip, state: state) }

    /// The form in which a city is in the table and is looked for.
    package static func city(_ name: String, state: String) -> String {
        String(decoding: PlaceName.key(name, droppingLast: state.lowercased()), as: UTF8.self)
    }

    /// Looks into every part of the file, and finds nothing.
    static let probe = AddressQuestion(
        readings: [
            StreetLine.Reading(
                number: HouseNumber(number: 1),
                street: StreetName(name: "?", predirectional: "", suffix: "", postdirectional: ""))
        ],
        zip: 1, state: "?", city: "?")
}
