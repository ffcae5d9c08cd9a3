import AddressTable
import Contracts
import Foundation
import Logging
import Testing

@testable import GeocodeService

@Suite struct AddressGeocoderTests {
    private let folder: URL
    private var path: String { folder.appending(path: "addresses.sqlite").path }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func write(_ street: String) throws {
        _ = try AddressTableWriter(path: path).write { filling in
            let name = try #require(StreetName(street))
            let place = AddressTableFilling.Place(zip: 77002, state: "TX", city: "houston")
            let id = try filling.street(name, in: place)
            try filling.add(#require(HouseNumber("901")), street: id, latitude: 29.7604, longitude: -95.3698)
        }
    }

    private func geocoder() throws -> AddressGeocoder {
        let entry = GeocoderEntry(name: "county", kind: .addresses, location: path, attribution: "Harris County")
        return try AddressGeocoder(entry, logger: Logger(label: "test"))
    }

    private func address(_ street: String) -> PostalAddress {
        PostalAddress(street: street, city: "Houston", state: "TX", zip: "77002")
    }

    @Test func aHouseIsFoundUnderTheEntrysNameAndCredit() async throws {
        try write("Bagby St")
        let location = GeocodedLocation(
            latitude: 29.7604, longitude: -95.3698, precision: .rooftop, source: "county", confidence: 1,
            uncertaintyKilometres: 0.05, attribution: "Harris County")
        #expect(
            try await geocoder().find(address("901 Bagby Street #2"))
                == .found(StreetMatch(location: location, state: "TX", matchedText: "901 BAGBY ST, 77002")))
        #expect(try await geocoder().find(address("901 Smith St")) == .noMatch)
        #expect(try await geocoder().find(address("PO Box 901")) == .noMatch)
        try FileManager.default.removeItem(at: folder)
    }

    @Test func withoutAFileThereIsNoGeocoder() throws {
        let error = #expect(throws: AddressTableError.self) { _ = try geocoder() }
        #expect(error?.description == "address table \(path): there is no such file")
        try FileManager.default.removeItem(at: folder)
    }

    @Test func aNewFileIsTakenIntoUseAndABadOneIsNot() async throws {
        try write("Bagby St")
        let geocoder = try geocoder()
        try write("Smith St")
        #expect(try await geocoder.find(address("901 Smith St")) != .noMatch)
        #expect(try await geocoder.find(address("901 Bagby St")) == .noMatch)
        // Beside it and then in its place, as any good writer does it.
        let bad = folder.appending(path: "bad")
        try Data("no table".utf8).write(to: bad)
        #expect(rename(bad.path, path) == 0)
        #expect(try await geocoder.find(address("901 Smith St")) != .noMatch)
        try FileManager.default.removeItem(at: URL(filePath: path))
        #expect(try await geocoder.find(address("901 Smith St")) != .noMatch)
        try FileManager.default.removeItem(at: folder)
    }
}
