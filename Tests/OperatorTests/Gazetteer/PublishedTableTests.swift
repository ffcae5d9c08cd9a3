import AddressTable
import Contracts
import Foundation
import Places
import Terminal
import Testing

@testable import Operator

/// Files as those who publish addresses write them.
@Suite struct PublishedTableTests {
    private let folder: URL
    private var output: String { folder.appending(path: "addresses.sqlite").path }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func run(
        _ content: String, name: String = "rows.csv", city: String = "", state: String? = nil, zip: Int = 0
    ) throws -> ImportSummary {
        let url = folder.appending(path: name)
        try Data(content.utf8).write(to: url)
        let defaults = StreetReader.Defaults(
            city: city, state: state, zip: zip, byPoint: PlaceByPoint(try GazetteerFile.read(nil)))
        return try AddressImport(files: [url.path], output: output, defaults: defaults, mostMalformed: 90, listed: 20)
            .run(ImportProgress(length: nil))
    }

    private func find(_ text: String) async throws -> AddressMatch? {
        let address = try #require(AddressText.address(text))
        return try await AddressQuestion(address).asyncMap { try await AddressTable(path: output).find($0) }
    }

    private func remove() throws { try FileManager.default.removeItem(at: folder) }

    private static func feature(_ number: String, _ street: String, more: String = "", lon: Double = -95.3693) -> String
    {
        """
        {"type":"Feature","properties":{"hash":"a1","number":\(number),"street":"\(street)","unit":"","city":"HOUSTON",\
        "district":"","region":"TX","postcode":"77002","id":"0"\(more)},\
        "geometry":{"type":"Point","coordinates":[\(lon),29.7604]}}
        """
    }

    @Test func linesOfGeoJSONAreTaken() async throws {
        let lines = [
            Self.feature("\"901\"", "BAGBY ST"), Self.feature("903", "BAGBY ST", more: ",\"accuracy\":null"),
            "", Self.feature("\"905\"", "Ca\u{00F1}ada St") + "\r",
        ]
        let summary = try run("\u{FEFF}" + lines.joined(separator: "\n"), name: "harris.geojson")
        #expect(summary.rows == 3)
        #expect(summary.houses == 3)
        #expect(summary.malformed.isEmpty)
        #expect(try await find("901 Bagby Street, Houston, TX 77002")?.precision == .rooftop)
        #expect(try await find("903 Bagby St, Houston, TX 77002")?.precision == .rooftop)
        #expect(try await find("905 Canada St, Houston, TX 77002")?.precision == .rooftop)
        try remove()
    }

    @Test func aCollectionWithALineForEachFeatureIsTaken() async throws {
        let text = """
            {
            "type": "FeatureCollection",
            "name": "addresses",
            "features": [
            \(Self.feature("\"901\"", "BAGBY ST")),
            \(Self.feature("\"903\"", "BAGBY ST"))
            ]
            }

            """
        let summary = try run(text)
        #expect(summary.rows == 2 && summary.houses == 2 && summary.malformed.isEmpty)
        try remove()
    }

    @Test func aTextSequenceAndOtherNamesOfPropertiesAreTaken() async throws {
        let text = """
            \u{1E}{"type":"Feature","properties":{"addr:housenumber":"901","addr:street":"Bagby St","addr:city":"Houston",\
            "addr:state":"TX","addr:postcode":"77002"},"geometry":{"type":"Point","coordinates":[-95.3693,29.7604]}}

            """
        #expect(try run(text).houses == 1)
        #expect(try await find("901 Bagby St, Houston, TX 77002") != nil)
        try remove()
    }

    @Test func whatIsNoFeatureIsCountedByKind() throws {
        let lines = [
            Self.feature("\"901\"", "BAGBY ST"), "{\"type\":\"Feature\",\"properties\"", "not JSON",
            #"{"type":"Feature","properties":{"number":"5","street":"X ST"},"geometry":null}"#,
            #"{"type":"Feature","properties":{"number":"5","street":"X ST"},"geometry":{"type":"Polygon","coordinates":[[[0,0]]]}}"#,
            "[1,2", Self.feature("\"903\"", "BAGBY ST"), Self.feature("null", "BAGBY ST"),
            Self.feature("\"905\"", "BAGBY ST"), Self.feature("\"907\"", "BAGBY ST"),
            "{\"type\":\"Feature\",\"x\":\"" + String(repeating: "x", count: 70_000) + "\"}",
            Self.feature("\"909\"", "BAGBY ST"),
        ]
        let summary = try run(lines.joined(separator: "\n"))
        #expect(summary.houses == 5)
        #expect(summary.malformed[.tooLong] == 1)
        #expect(summary.malformed[.noFeature] == 3)
        #expect(summary.malformed[.noCoordinates] == 2)
        #expect(summary.malformed[.noNumber] == 1)
        try remove()
    }

    @Test(arguments: [("\u{1F}\u{8B}", "compressed"), ("PK\u{03}\u{04}", "ZIP archive")])
    func whatIsPackedSaysSo(_ start: String, _ word: String) throws {
        let url = folder.appending(path: "packed")
        try Data(start.unicodeScalars.map { UInt8($0.value) }).write(to: url)
        let error = #expect(throws: CommandError.self) {
            try AddressImport(files: [url.path], output: output, mostMalformed: 50, listed: 20)
                .run(ImportProgress(length: nil))
        }
        #expect(error?.description.contains(word) == true)
        try remove()
    }

    @Test func aFileWithoutCitiesAndZIPsIsFilledByThePoint() async throws {
        let text = """
            LON,LAT,NUMBER,STREET,UNIT,CITY,DISTRICT,REGION,POSTCODE,ID
            -152.3612998,57.8315401,1400,Abercrombie Drive,,,,,,
            -152.3625335,57.8301551,4023,Monashka Bay Road,,,,,,
            -152.3557173,57.8287466,4844,East Rezanof Drive,,,,,,

            """
        let summary = try run(text)
        #expect(summary.changes == [.filled: 3])
        #expect(summary.text.contains("3  rows that lack a place; filled from the gazetteer by the point"))
        #expect(try await find("1400 Abercrombie Dr, Kodiak, AK 99615")?.precision == .rooftop)
        #expect(try await find("4844 E Rezanof Dr, Kodiak, AK 99615")?.precision == .rooftop)
        try remove()
    }

    @Test func aFileWithoutPlaceColumnsTakesWhatIsGiven() async throws {
        let text = "lon,lat,number,street\n-152.3612998,57.8315401,1400,Abercrombie Drive\n"
        #expect(try run(text, city: "Kodiak", state: "AK").changes == [.given: 1])
        #expect(try await find("1400 Abercrombie Dr, Kodiak, AK")?.precision == .rooftop)
        #expect(try run(text, zip: 99615).changes == [.given: 1])
        #expect(try await find("1400 Abercrombie Dr, Nowhere, AK 99615")?.precision == .rooftop)
        try remove()
    }

    @Test func raggedAndEmptyRowsAreTakenOrSkipped() async throws {
        let text = """
            LON,LAT,NUMBER,STREET,UNIT,CITY,DISTRICT,REGION,POSTCODE,ID,HASH
            -95.3693,29.7604,901,BAGBY ST,,HOUSTON,,TX,77002,1,ab
            -95.3694,29.7605,903,BAGBY ST,,HOUSTON,,TX,77002
            -95.3695,29.7606,905,BAGBY ST,,HOUSTON,,TX,77002
            -95.3696,29.7607,907,BAGBY ST,,HOUSTON,,TX,77002,1,ab,,,
            ,,,,,,,,,,
             , ,,,,,,,,,
            ,,

            """
        let summary = try run(text)
        #expect(summary.houses == 4)
        #expect(summary.empty == 3)
        #expect(summary.changes == [.shortRow: 2])
        #expect(summary.malformed.isEmpty)
        try remove()
    }

    @Test func whatSpreadsheetsAndProgramsMakeOfFieldsIsUnderstoodAndCounted() async throws {
        let text = """
            lon,lat,number,street,city,region,postcode
            -95.3693,29.7604,901.0,BAGBY ST,HOUSTON,TX,77002.0
            -95.3694,29.7605,One,Market St,HOUSTON,TX,77002
            -95.3695,29.7606,905,BAGBY ST,NULL,None,77002
            -95.3696,29.7607,NULL,BAGBY ST,HOUSTON,TX,77002
            -95.3697,29.7608,907,<Null>,HOUSTON,TX,77002
            NaN,NaN,909,BAGBY ST,HOUSTON,TX,77002
            -71.06,42.36,7,BEACON ST,BOSTON,MA,2108
            -95.3699,29.7609,911,BAGBY ST APT 4,N/A,TX,77002

            """
        let summary = try run(text)
        #expect(summary.changes == [.decimals: 2, .numberInWords: 1, .none: 4, .zeros: 1])
        #expect(summary.malformed == [.noNumber: 1, .noStreet: 1, .badCoordinates: 1])
        for line in ["901 Bagby St", "1 Market St", "905 Bagby St", "911 Bagby St"] {
            #expect(try await find("\(line), Houston, TX 77002")?.precision == .rooftop)
        }
        #expect(try await find("7 Beacon St, Boston, MA 02108")?.precision == .rooftop)
        try remove()
    }

    @Test func aRuralTableIsAskedAsPeopleWrite() async throws {
        let text = """
            LON,LAT,NUMBER,STREET,CITY,REGION,POSTCODE
            -89.1,36.5,100,HIGHWAY 2,Smalltown,KY,42001
            -89.11,36.5,140,HIGHWAY 2,Smalltown,KY,42001
            -89.2,36.6,15,MAIN ST,Smalltown,KY,42001
            -89.3,36.7,901,BAGBY ST,Smalltown,KY,42001
            -89.4,36.8,1413,STATE HIGHWAY 50,Smalltown,KY,42001
            -89.6,36.95,250,BROADWAY,Smalltown,KY,42001
            -89.7,36.96,4922 B,S CORNELL AVE,Smalltown,KY,42001
            -89.75,36.992,3490,PERU W SECTION LINE RD,Smalltown,KY,42001
            -89.79,36.996,101,MAPLE ST,Smalltown,KY,42001
            -89.80,36.997,103,MAPLE ST,Smalltown,KY,42001

            """
        #expect(try run(text).houses == 10)
        for line in ["Route 2 Box 15", "Rt 2 Box 15", "RR 2 Box 15", "HC 2 Box 15", "Route 2", "PO Drawer 15"] {
            #expect(try await find("\(line), Smalltown, KY 42001") == nil)
        }
        let found = [
            ("250 Broadway, 16th Floor", 36.95), ("901 Bagby St Apt4", 36.7), ("901 Bagby St Apt-4", 36.7),
            ("901 Bagby St Suite100", 36.7), ("4922 B South Cornell Avenue", 36.96), ("901 Bagby St, 12C", 36.7),
            ("1413 State Highway #50", 36.8), ("3490 Peru West Section Line Rd", 36.992),
            ("901 Bagby Street, Smalltown", 36.7), ("101/103 Maple St", 36.996), ("100 Route 2", 36.5),
        ]
        for (line, latitude) in found {
            let match = try #require(try await find("\(line), Smalltown, KY 42001"), "\(line)")
            #expect(match.precision == .rooftop && abs(match.latitude - latitude) < 1e-6, "\(line)")
        }
        try remove()
    }

    @Test func aGridAndHyphensAreReadByTheirPlace() async throws {
        let text = """
            LON,LAT,NUMBER,STREET,CITY,REGION,POSTCODE
            -73.9155,40.7650,30-50,STEINWAY ST,ASTORIA,NY,11103
            -73.9160,40.7645,30-56,STEINWAY ST,ASTORIA,NY,11103
            -73.9163,40.7642,30-55,STEINWAY ST,ASTORIA,NY,11103
            -73.9203,40.7602,31-12,STEINWAY ST,ASTORIA,NY,11103
            -88.2584,41.85,29W971,EMERALD GREEN DR,WARRENVILLE,IL,60555
            -88.2596,41.85,29W981,EMERALD GREEN DR,WARRENVILLE,IL,60555
            -88.2608,41.85,29W991,EMERALD GREEN DR,WARRENVILLE,IL,60555
            -88.1930,41.86,29W191,SHORT CT,WARRENVILLE,IL,60555
            -88.1921,41.86,29W171,SHORT CT,WARRENVILLE,IL,60555
            -111.6549,40.2380,123,E 400 N,Provo,UT,84606
            -111.6480,40.2370,950,N 400 E,Provo,UT,84606
            -111.6480,40.2460,1500,N 400 E,Provo,UT,84606

            """
        #expect(try run(text).houses == 12)
        let queens = "Astoria, NY 11103"
        #expect(try await find("3056 Steinway St, \(queens)")?.latitude == 40.7645)
        let beside = try #require(try await find("30-58 Steinway St, \(queens)"))
        #expect(beside.precision == .interpolated && beside.latitude == 40.7645)
        #expect(try await find("29W991 Emerald Green Dr, Warrenville, IL 60555")?.precision == .rooftop)
        let between = try #require(try await find("29W975 Emerald Green Dr, Warrenville, IL 60555"))
        #expect(between.precision == .interpolated)
        #expect(abs(between.longitude + 88.25888) < 1e-5)
        let honest = try #require(try await find("29W182 Short Ct, Warrenville, IL 60555"))
        // 9 numbers from the next house, on the other side: it lies about 25 m from there.
        #expect(honest.precision == .interpolated && honest.uncertaintyKilometres > 0.1)
        #expect(try await find("123 N 400 E, Provo, UT 84606") == nil)
        try remove()
    }
}

extension Optional {
    fileprivate func asyncMap<Value>(_ body: (Wrapped) async throws -> Value?) async rethrows -> Value? {
        if let self { try await body(self) } else { nil }
    }
}
