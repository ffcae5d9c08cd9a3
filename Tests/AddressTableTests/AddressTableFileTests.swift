import Contracts
import Foundation
import GRDB
import Testing

@testable import AddressTable

@Suite struct AddressTableFileTests {
    private struct Interrupted: Error {}

    private let fixture: AddressTableFixture
    private let rows = AddressTableFixture.street("Bagby St", numbers: Array(1...2000))

    init() throws { fixture = try AddressTableFixture() }

    private func problem() -> AddressTableError? {
        #expect(throws: AddressTableError.self) { _ = try AddressTable(path: fixture.path) }
    }

    private func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path) }

    @Test func aMissingFileIsNamed() throws {
        #expect(problem()?.description == "address table \(fixture.path): there is no such file")
        try fixture.remove()
    }

    @Test(arguments: ["", "lon,lat\n", String(repeating: "x", count: 5000)])
    func somethingElseIsNoTable(_ content: String) throws {
        try Data(content.utf8).write(to: URL(filePath: fixture.path))
        #expect(problem()?.kind == .notATable)
        try fixture.remove()
    }

    @Test func anotherDatabaseIsNoTableAndIsLeftAlone() throws {
        let other = try DatabaseQueue(path: fixture.path)
        try other.write { try $0.execute(sql: "CREATE TABLE mine (a)") }
        try other.close()
        #expect(problem()?.kind == .notATable)
        let error = #expect(throws: AddressTableError.self) { try fixture.write(rows) }
        #expect(error?.kind == .unwritable)
        #expect(error?.problem == "there is a file that is no address table; it is left alone")
        try fixture.remove()
    }

    @Test func aTableOfAnotherVersionSaysSo() throws {
        try fixture.write(rows)
        let database = try DatabaseQueue(path: fixture.path)
        try database.write { try $0.execute(sql: "PRAGMA user_version = 7") }
        try database.close()
        #expect(problem()?.kind == .otherVersion)
        #expect(problem()?.problem == "the file has version 7, not 4: import it again")
        // A newer import replaces it: it is an address table all the same.
        try fixture.write(rows)
        _ = try AddressTable(path: fixture.path)
        try fixture.remove()
    }

    @Test func aFileThatIsCutOffIsDamaged() throws {
        try fixture.write(rows)
        let whole = try Data(contentsOf: URL(filePath: fixture.path))
        try whole.dropLast(4096).write(to: URL(filePath: fixture.path))
        #expect(problem()?.kind == .damaged)
        try fixture.remove()
    }

    @Test func aPageThatIsOverwrittenIsFoundOutByTheLookUp() async throws {
        try fixture.write(rows)
        var bytes = try Data(contentsOf: URL(filePath: fixture.path))
        for index in 4096..<bytes.count { bytes[index] = 0xEE }
        try bytes.write(to: URL(filePath: fixture.path))
        let error = await #expect(throws: AddressTableError.self) { _ = try await fixture.find("901 Bagby St") }
        #expect(error?.kind == .damaged)
        try fixture.remove()
    }

    @Test func duplicatesAreCountedAndTheFirstCounts() async throws {
        let first = AddressTableFixture.Row(line: "901 Bagby St", latitude: 29.76, longitude: -95.37)
        let flat = AddressTableFixture.Row(line: "901 Bagby Street", latitude: 29.7601, longitude: -95.37)
        let outcome = try fixture.write([first, flat, first])
        #expect(outcome == AddressTableWriter.Outcome(streets: 1, houses: 1, duplicates: 2, doubtful: 0))
        #expect(try await fixture.find("901 Bagby St")?.latitude == 29.76)
        try fixture.remove()
    }

    @Test func aHouseAtTwoPlacesFarApartIsNoAnswer() async throws {
        let first = AddressTableFixture.Row(line: "901 Bagby St", latitude: 29.76, longitude: -95.37)
        let other = AddressTableFixture.Row(line: "901 Bagby St", latitude: 29.80, longitude: -95.37)
        let outcome = try fixture.write([first, other])
        #expect(outcome == AddressTableWriter.Outcome(streets: 1, houses: 1, duplicates: 1, doubtful: 1))
        #expect(try await fixture.find("901 Bagby St") == nil)
        try fixture.remove()
    }

    @Test func anImportThatFailsLeavesTheOldFile() async throws {
        try fixture.write(AddressTableFixture.street("Bagby St", numbers: [901]))
        #expect(throws: Interrupted.self) {
            try AddressTableWriter(path: fixture.path).write { _ in throw Interrupted() }
        }
        #expect(try await fixture.find("901 Bagby St") != nil)
        #expect(try files() == ["addresses.sqlite"])
        try fixture.remove()
    }

    @Test func aFullDiskLeavesTheOldFile() async throws {
        try fixture.write(AddressTableFixture.street("Bagby St", numbers: [901]))
        let error = #expect(throws: AddressTableError.self) { try fixture.write(rows, maximumPages: 12) }
        #expect(error?.description == "address table \(fixture.path): the disk is full")
        #expect(try await fixture.find("901 Bagby St") != nil)
        #expect(try files() == ["addresses.sqlite"])
        try fixture.remove()
    }

    @Test func whatAKilledImportHasLeftIsRemoved() throws {
        // No process has the highest number there is.
        let left = "\(fixture.path).partial-\(Int32.max)"
        try Data("half".utf8).write(to: URL(filePath: left))
        let other = "\(fixture.path).partial-notes"
        try Data("mine".utf8).write(to: URL(filePath: other))
        try fixture.write(AddressTableFixture.street("Bagby St", numbers: [901]))
        #expect(try files().sorted() == ["addresses.sqlite", "addresses.sqlite.partial-notes"])
        try fixture.remove()
    }

    @Test func aFolderThatIsNotThereIsSaid() throws {
        let path = fixture.folder.appending(path: "no/such/addresses.sqlite").path
        let error = #expect(throws: AddressTableError.self) { try AddressTableWriter(path: path).write { _ in } }
        #expect(error?.kind == .unwritable)
        try fixture.remove()
    }

    @Test func whoHasTheOldFileOpenGoesOnWithIt() async throws {
        try fixture.write(AddressTableFixture.street("Bagby St", numbers: [901]))
        let old = try AddressTable(path: fixture.path)
        try fixture.write(AddressTableFixture.street("Smith St", numbers: [5]))
        let address = PostalAddress(street: "901 Bagby St", city: "Houston", state: "TX", zip: "77002")
        let question = try #require(AddressQuestion(address))
        #expect(try await old.find(question) != nil)
        #expect(try await fixture.find("901 Bagby St") == nil)
        #expect(try await fixture.find("5 Smith St") != nil)
        try fixture.remove()
    }
}
