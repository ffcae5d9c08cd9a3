import Contracts
import Testing

@testable import AddressTable

/// The corpus of lines, looked for in one table that holds all its houses.
@Suite struct AddressLineTests {
    private let fixture: AddressTableFixture
    /// A house at each five kilometres, so that a wrong one shows.
    private static func latitude(_ index: Int) -> Double { 30 + Double(index) * 0.05 }

    init() throws {
        fixture = try AddressTableFixture()
        _ = try AddressTableWriter(path: fixture.path).write { filling in
            for (index, house) in AddressLineCorpus.houses.enumerated() {
                let zip = try #require(Int(house.zip))
                let joinsHyphens = HouseNumber.joinsHyphens(zip: zip, state: house.state)
                let number = try #require(HouseNumber(house.number, joinsHyphens: joinsHyphens))
                let city = AddressQuestion.city(house.city, state: house.state)
                let place = AddressTableFilling.Place(zip: zip, state: house.state, city: city)
                let street = try filling.street(try #require(StreetName(house.street)), in: place)
                try filling.add(number, street: street, latitude: Self.latitude(index), longitude: -95)
            }
        }
    }

    @Test func everyLineFindsItsHouseAndNoOther() async throws {
        let table = try AddressTable(path: fixture.path)
        var missed: [String] = []
        var wrong: [String] = []
        var count = 0
        for (index, house) in AddressLineCorpus.houses.enumerated() {
            for line in house.lines {
                count += 1
                let zip = String(repeating: "0", count: 5 - house.zip.count) + house.zip
                let address = PostalAddress(street: line, city: house.city, state: house.state, zip: zip)
                let match = try await AddressQuestion(address).asyncMap { try await table.find($0) }
                guard let match, match.precision == .rooftop else {
                    missed.append(line)
                    continue
                }
                if abs(match.latitude - Self.latitude(index)) > 1e-6 { wrong.append("\(line): \(match.text)") }
            }
        }
        #expect(count > 500)
        #expect(missed == [])
        #expect(wrong == [])
        try fixture.remove()
    }

    /// Streets and houses that the table does not have, however much they look like ones that it has.
    @Test(arguments: [
        ("123 N 400 E", "Provo", "UT", "84606"), ("951 N 400 E", "Provo", "UT", "84606"),
        ("950 E 400 N", "Provo", "UT", "84606"), ("950 W 400 N", "Provo", "UT", "84606"),
        ("951 E 400 S", "Provo", "UT", "84606"), ("950 N 400 W", "Provo", "UT", "84606"),
        ("950 E 400", "Provo", "UT", "84606"),
        ("30 Steinway St", "Astoria", "NY", "11103"), ("56 Steinway St", "Astoria", "NY", "11103"),
        ("902 Oak St", "Smalltown", "KY", "42001"), ("12 Elm Ct", "Boston", "MA", "02129"),
        ("13 Elm St", "Boston", "MA", "02129"), ("901 Bagby Ave", "Houston", "TX", "77002"),
        ("901 N Bagby Ct", "Houston", "TX", "77002"), ("46 W Main St", "Smalltown", "CT", "06405"),
        ("46 Main Ct", "Smalltown", "CT", "06405"), ("5N123 Emerald Green Dr", "Warrenville", "IL", "60555"),
        ("N58W27841 Walnut Ave", "Sussex", "WI", "53089"), ("42 E End Ave", "New York", "NY", "10023"),
        ("26 Martin Luther King Ln", "Smalltown", "GA", "30301"), ("15 I-35 N", "Conroe", "TX", "77304"),
        ("1413 County Road 50", "Smalltown", "KY", "42001"), ("1413 US Highway 50", "Smalltown", "KY", "42001"),
        ("66 Calle 6", "San Juan", "PR", "00901"), ("1600 Pennsylvania Ave SE", "Washington", "DC", "20500"),
        ("PO Box 901", "Houston", "TX", "77002"), ("RR 2 Box 15", "Smalltown", "KY", "42001"),
        ("15 St Paul Ave", "Smalltown", "MN", "55001"), ("1234C Elm St", "Smalltown", "KY", "42001"),
        ("153 I-10", "Smalltown", "TX", "78624"), ("153 I-35 Frontage Rd", "Smalltown", "TX", "78624"),
        ("153 I-10 Access Rd", "Smalltown", "TX", "78624"), ("147 I-70 W", "Grand Junction", "CO", "81501"),
        ("157 US Highway 6", "Grand Junction", "CO", "81505"), ("157 US Highway 50", "Grand Junction", "CO", "81505"),
        ("1234 County Road 12 B", "Smalltown", "KY", "42001"), ("1234 CR 12", "Smalltown", "KY", "42001"),
        ("181 SR 19", "Smalltown", "NY", "14530"), ("181 SR 19-B", "Smalltown", "NY", "14530"),
        ("186 R 52", "Smalltown", "OH", "45638"), ("200 E 21st North", "Salt Lake City", "UT", "84115"),
        ("200 W 21st South", "Salt Lake City", "UT", "84115"), ("200 E 22nd South", "Salt Lake City", "UT", "84115"),
        ("191 Mile Rd", "Smalltown", "MI", "48067"), ("192 7 Mile Rd", "Smalltown", "MI", "48067"),
        ("191 C/3 NE", "San Juan", "PR", "00921"), ("191 C/4 SE", "San Juan", "PR", "00921"),
        ("Suite 901 Bagby St", "Houston", "TX", "77002"), ("Unit 901 Bagby St", "Houston", "TX", "77002"),
        ("901 Guest House Ln", "Houston", "TX", "77002"), ("901 East Tower St", "Houston", "TX", "77002"),
        ("901 Carriage House", "Houston", "TX", "77002"), ("901 TH 4", "Houston", "TX", "77002"),
        ("901 Harris County Rd", "Houston", "TX", "77002"), ("901 Bagby East", "Houston", "TX", "77002"),
        ("901 Bagby St East Bldg 4", "Houston", "TX", "77002"),
        ("901 Bagby St East Tower 12", "Houston", "TX", "77002"),
        ("901 Bagby St East Side", "Houston", "TX", "77002"), ("901 Bagby St E Tower", "Houston", "TX", "77002"),
    ])
    func aStreetThatTheTableDoesNotHaveIsNoHouse(
        _ street: String, _ city: String, _ state: String, _ zip: String
    ) async throws {
        let match = try await fixture.find(street, city: city, state: state, zip: zip)
        // Beside the only house of another street nothing is said either; beside one of its own, with a distance.
        #expect(match?.precision != .rooftop, "\(match?.text ?? "")")
        try fixture.remove()
    }
}

extension Optional {
    fileprivate func asyncMap<Value>(_ body: (Wrapped) async throws -> Value?) async rethrows -> Value? {
        if let self { try await body(self) } else { nil }
    }
}
