import Contracts
import Foundation
import Testing

@testable import AddressTable

/// What a look-up costs in a table of 200,000 houses; see docs/geocoding.md.
@Suite struct AddressLookUpBench {
    private static let names = ["MAIN", "OAK", "PARK", "LAKE SHORE", "5TH", "SAINT PAUL", "BROADWAY", "MILL CREEK"]
    private static let kinds = ["ST", "AVE", "RD", "DR", "LN"]
    private static let directionals = ["", "N ", "S ", "E ", "W "]

    /// Streets that look alike are in one ZIP, so that each question has several to weigh.
    private static let streets = (0..<2000).map { index in
        let name = names[index % 8] + (index < 200 ? "" : " \(index / 200)")
        return (
            street: "\(directionals[index / 8 % 5])\(name) \(kinds[index / 40 % 5])", zip: 77001 + index % 200 / 20
        )
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["INTAKE_BENCH"] != nil))
    func lookUps() async throws {
        let fixture = try AddressTableFixture()
        _ = try AddressTableWriter(path: fixture.path).write { filling in
            for (index, (text, zip)) in Self.streets.enumerated() {
                let place = AddressTableFilling.Place(zip: zip, state: "TX", city: "houston")
                let street = try filling.street(try #require(StreetName(text)), in: place)
                for house in 1...100 {
                    try filling.add(
                        HouseNumber(number: house * 2), street: street,
                        latitude: 29 + Double(index) * 0.001 + Double(house) * 0.0001, longitude: -95)
                }
            }
        }
        let table = try AddressTable(path: fixture.path)
        let tails = ["Apt 4", ", 16th Floor", "# 3 Houston TX", "", "Bldg 4 Apt 2"]
        let count = 20_000
        var found = 0
        let start = ContinuousClock.now
        for index in 0..<count {
            let (street, zip) = Self.streets[index * 7 % Self.streets.count]
            let line = "\(2 + index % 210) \(street) \(tails[index % tails.count])"
            let address = PostalAddress(street: line, city: "Houston", state: "TX", zip: String(zip))
            guard let question = AddressQuestion(address) else { continue }
            if try await table.find(question) != nil { found += 1 }
        }
        let each = (ContinuousClock.now - start) / count
        print("look-up: \(each.written) each, \(found) of \(count) found")
        #expect(found > count / 2)
        #expect(each < .milliseconds(1))
        try fixture.remove()
    }
}
