import AddressTable
import Contracts
import Foundation
import Places
import Terminal
import Testing

@testable import Operator

@Suite struct AddressImportTests {
    private let folder: URL
    private var output: String { folder.appending(path: "addresses.sqlite").path }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func file(_ content: some Sequence<UInt8>, _ name: String = "rows.csv") throws -> String {
        let url = folder.appending(path: name)
        try Data(content).write(to: url)
        return url.path
    }

    private func run(
        _ files: String..., city: String = "", region: String? = nil, zip: Int = 0, mostMalformed: Double = 10,
        listed: Int = 20
    ) throws -> ImportSummary {
        let defaults = StreetReader.Defaults(
            city: city, state: region, zip: zip, byPoint: PlaceByPoint(try GazetteerFile.read(nil)))
        return try AddressImport(
            files: files, output: output, defaults: defaults, mostMalformed: mostMalformed, listed: listed
        ).run(ImportProgress(length: nil))
    }

    private func find(
        _ street: String, city: String = "Houston", state: String = "TX", zip: String = "77002"
    ) async throws -> AddressMatch? {
        let question = AddressQuestion(PostalAddress(street: street, city: city, state: state, zip: zip))
        return try await AddressTable(path: output).find(#require(question))
    }

    private func remove() throws { try FileManager.default.removeItem(at: folder) }

    @Test(arguments: [
        "LON,LAT,NUMBER,STREET,UNIT,CITY,DISTRICT,REGION,POSTCODE,ID,HASH\n-95.37,29.76,901,BAGBY ST,,HOUSTON,,TX,77002,,f00\n",
        "lat,lon,number,street,postcode\n29.76,-95.37,901,Bagby Street,77002\n",
        "zip_code,State,City,Street Name,House_Number,Latitude,Longitude\r\n77002-1234,Texas,Houston,Bagby St,901,29.76,-95.37\r\n",
        "\u{FEFF}\"lon\",\"lat\",\"number\",\"street\",\"city\",\"region\"\r\"-95.37\",\" 29.76 \",\"901\",\"Bagby St\",\"Houston\",\"tx\"",
        "X,Y,ADDRESS,CITY,STATE,ZIP,LATITUDE,LONGITUDE\n3120000,71000,\"901 Bagby St, Ste 4\",Houston,TX,77002,29.76,-95.37\n",
    ])
    func headersOfAllKindsAreRead(_ text: String) async throws {
        let summary = try run(file(text.utf8))
        #expect(summary.rows == 1)
        #expect(summary.houses == 1)
        #expect(summary.malformed.isEmpty)
        let match = try #require(try await find("901 Bagby St"))
        #expect(match.precision == .rooftop)
        #expect(abs(match.latitude - 29.76) < 1e-6)
        #expect(abs(match.longitude + 95.37) < 1e-6)
        try remove()
    }

    @Test func everyKindOfMalformedRowIsCountedAndListed() throws {
        let header = "lon,lat,number,street,city,region,postcode\n"
        let good = "-95.37,29.76,901,Bagby St,Houston,TX,77002\n"
        let rows: [([UInt8], MalformedRow.Reason)] = [
            (Array("-95.37,29.76,901,Bagby St,Houston,TX,77002,,x\n".utf8), .fields),
            (Array("-95.37,29.76,901,\"Bagby\" St,Houston,TX,77002\n".utf8), .afterQuote),
            (Array("-95.37,29.76,901,\(String(repeating: "x", count: 70_000)),Houston,TX,77002\n".utf8), .tooLong),
            (Array("-95.37,29.76,901,Ca".utf8) + [0xF1] + Array("ada St,Houston,TX,77002\n".utf8), .notUTF8),
            (Array(",29.76,901,Bagby St,Houston,TX,77002\n".utf8), .noCoordinates),
            (Array("0,0,901,Bagby St,Houston,TX,77002\n".utf8), .noCoordinates),
            (Array("west,29.76,901,Bagby St,Houston,TX,77002\n".utf8), .badCoordinates),
            (Array("nan,29.76,901,Bagby St,Houston,TX,77002\n".utf8), .badCoordinates),
            (Array("29.76,-95.37,901,Bagby St,Houston,TX,77002\n".utf8), .outside),
            (Array("95.37,29.76,901,Bagby St,Houston,TX,77002\n".utf8), .outside),
            (Array("-95.37,29.76,,Bagby St,Houston,TX,77002\n".utf8), .noNumber),
            (Array("-95.37,29.76,0,Bagby St,Houston,TX,77002\n".utf8), .noNumber),
            (Array("-95.37,29.76,none,Bagby St,Houston,TX,77002\n".utf8), .noNumber),
            (Array("-95.37,29.76,1-Sep,Bagby St,Houston,TX,77002\n".utf8), .badNumber),
            (Array("-95.37,29.76,901,,Houston,TX,77002\n".utf8), .noStreet),
            (Array("-95.37,29.76,901,Bagby St,Houston,TX,7700X\n".utf8), .badZIP),
            (Array("-95.37,29.76,901,Bagby St,Houston,Jalisco,77002\n".utf8), .badState),
            (Array("-150,30,901,Bagby St,Houston,,\n".utf8), .noPlace),
            (Array("-95.37,29.76,901,Bagby St,,CA,00000\n".utf8), .noPlace),
            (Array("-95.37,29.76,901,\"Bagby St,Houston,TX,77002".utf8), .openQuote),
        ]
        let path = try file(Array(header.utf8) + Array(good.utf8) + rows.flatMap(\.0))
        let summary = try run(path, mostMalformed: 100)
        #expect(summary.rows == rows.count + 1)
        #expect(summary.houses == 1)
        #expect(summary.malformedCount == rows.count)
        #expect(Set(summary.malformed.keys) == Set(MalformedRow.Reason.allCases).subtracting([.noFeature]))
        let expected = rows.enumerated().map { MalformedRow(file: path, line: $0.offset + 3, reason: $0.element.1) }
        #expect(summary.examples == expected.map { $0 })
        #expect(summary.text.contains("  \(path):3: more fields than the header\n"))
        // Nothing of an address is in it.
        #expect(!summary.text.contains("Bagby"))
        #expect(try run(path, mostMalformed: 100, listed: 3).examples == Array(expected.prefix(3)))
        try remove()
    }

    @Test func tooManyMalformedRowsLeaveTheOldTable() async throws {
        let header = "lon,lat,number,street,postcode\n"
        let good = try file("\(header)-95.37,29.76,901,Bagby St,77002\n".utf8)
        _ = try run(good)
        let bad = try file("\(header)-95.37,29.76,5,Smith St,77002\nx,y,6,Smith St,77002\n".utf8, "bad.csv")
        let error = #expect(throws: AddressImport.Refused.self) { try run(bad, mostMalformed: 49) }
        #expect(error?.reason == "more than 49.0 % of the rows are malformed")
        #expect(error?.summary.malformed == [.badCoordinates: 1])
        #expect(try await find("901 Bagby St") != nil)
        #expect(try await find("5 Smith St") == nil)
        _ = try run(bad, mostMalformed: 50)
        #expect(try await find("5 Smith St") != nil)
        #expect(try await find("901 Bagby St") == nil)
        try remove()
    }

    @Test(arguments: [
        ("", "is empty"), ("lon,lat,number\n", "the header lacks street"),
        ("a;b;c\n", "the header lacks lon, lat, street"),
        ("lon,lat,number,street,zip,ZIP\n", "columns 5 and 6 of the header have the same name"),
        ("\"lon\"x,lat\n", "the header is no row of CSV"), ("l\0o\0n\0", "is UTF-16: save it as UTF-8"),
    ])
    func aFileThatIsNoneOfAddressesIsNamed(_ text: String, _ problem: String) throws {
        let path = try file(text.utf8)
        let error = #expect(throws: CommandError.self) { try run(path) }
        #expect(error?.description.hasPrefix(path) == true)
        #expect(error?.description.hasSuffix(problem) == true)
        try remove()
    }

    @Test func aFileWithoutAGoodRowIsRefused() throws {
        let error = #expect(throws: AddressImport.Refused.self) {
            try run(file("lon,lat,number,street,postcode\n".utf8), mostMalformed: 100)
        }
        #expect(error?.reason == "there is no row")
        try remove()
    }

    @Test func aMissingFileAndAFolderAreNamedBeforeAnythingIsRead() throws {
        let good = try file("lon,lat,number,street,postcode\n-95.37,29.76,901,Bagby St,77002\n".utf8)
        #expect(throws: CommandError("/nowhere.csv cannot be read")) { try run(good, "/nowhere.csv") }
        #expect(throws: CommandError("\(folder.path) cannot be read")) { try run(folder.path) }
        #expect(!FileManager.default.fileExists(atPath: output))
        try remove()
    }

    @Test func theRegionIsThatOfRowsThatNameNone() async throws {
        let text = "lon,lat,number,street,city,region\n-95.37,29.76,901,Bagby St,Houston,\n"
        let summary = try run(file(text.utf8), region: "TX")
        #expect(summary.changes == [.given: 1])
        #expect(try await find("901 Bagby St", zip: "")?.state == "TX")
        try remove()
    }

    @Test func severalFilesMakeOneTableAndFlatsAreOneHouse() async throws {
        let one = try file(
            "lon,lat,number,street,unit,postcode\n-95.37,29.76,901,Bagby St,1,77002\n-95.37,29.76,901,Bagby Street,2,77002\n"
                .utf8, "one.csv")
        let two = try file("lat,lon,street,number,zip\n29.77,-95.37,Smith St,5,2134\n".utf8, "two.csv")
        let summary = try run(one, two)
        #expect(summary.rows == 3)
        #expect(summary.houses == 2)
        #expect(summary.duplicates == 1)
        #expect(summary.streets == 2)
        // A spreadsheet has dropped the ZIP's zero.
        #expect(try await find("5 Smith St", zip: "02134") != nil)
        #expect(summary.text.contains("rows read  3"))
        try remove()
    }
}
