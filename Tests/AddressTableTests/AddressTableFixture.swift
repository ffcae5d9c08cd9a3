import Contracts
import Foundation

@testable import AddressTable

/// Small tables in a folder of their own.
struct AddressTableFixture {
    let folder: URL
    var path: String { folder.appending(path: "addresses.sqlite").path }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func remove() throws { try FileManager.default.removeItem(at: folder) }

    /// A house: `901 Bagby St`, where it is, and its point.
    struct Row {
        var line: String
        var zip = 77002
        var city = "Houston"
        var state = "TX"
        var latitude: Double
        var longitude: Double
    }

    /// Houses of even numbers along a street that runs north, 10 m a number, from a point in Houston.
    static func street(
        _ name: String, numbers: [Int], zip: Int = 77002, city: String = "Houston", latitude: Double = 29.76,
        longitude: Double = -95.37
    ) -> [Row] {
        numbers.map {
            Row(
                line: "\($0) \(name)", zip: zip, city: city, latitude: latitude + Double($0) * 0.00009,
                longitude: longitude)
        }
    }

    @discardableResult
    func write(_ rows: [Row], maximumPages: Int? = nil) throws -> AddressTableWriter.Outcome {
        try AddressTableWriter(path: path, maximumPages: maximumPages).write { filling in
            for row in rows {
                guard let line = StreetLine(row.line, state: row.state), let number = line.number else { continue }
                let place = AddressTableFilling.Place(
                    zip: row.zip, state: row.state, city: AddressQuestion.city(row.city, state: row.state))
                let street = try filling.street(line.street, in: place)
                try filling.add(number, street: street, latitude: row.latitude, longitude: row.longitude)
            }
        }
    }

    func find(
        _ street: String, city: String = "Houston", state: String = "TX", zip: String = "77002"
    ) async throws -> AddressMatch? {
        let address = PostalAddress(street: street, city: city, state: state, zip: zip)
        guard let question = AddressQuestion(address) else { return nil }
        return try await AddressTable(path: path).find(question)
    }
}
