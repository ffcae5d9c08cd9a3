import AddressTable
import Contracts
import Foundation
import Places
import Terminal
import Testing

@testable import Operator

/// Columns, separators and numbers as other systems write them.
@Suite struct TableShapeTests {
    private let folder: URL
    private var output: String { folder.appending(path: "addresses.sqlite").path }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func run(_ content: String) throws -> ImportSummary {
        let url = folder.appending(path: "rows")
        try Data(content.utf8).write(to: url)
        let defaults = StreetReader.Defaults(byPoint: PlaceByPoint(try GazetteerFile.read(nil)))
        return try AddressImport(files: [url.path], output: output, defaults: defaults, mostMalformed: 90, listed: 20)
            .run(ImportProgress(length: nil))
    }

    private func find(_ street: String) async throws -> AddressMatch? {
        let address = PostalAddress(street: street, city: "Houston", state: "TX", zip: "77002")
        let question = try #require(AddressQuestion(address))
        return try await AddressTable(path: output).find(question)
    }

    private func remove() throws { try FileManager.default.removeItem(at: folder) }

    private static let places = [
        ("901 Bagby St", 29.7602), ("901 N Main St", 29.7702), ("901 S Main St", 29.7802), ("903A Main Ave E", 29.7902),
    ]

    /// Four streets whose names are one, told apart by what stands in other columns.
    @Test(arguments: [
        // The National Address Database.
        """
        AddNum_Pre,Add_Number,AddNum_Suf,AddNo_Full,St_PreDir,St_Name,St_PosTyp,St_PosDir,StNam_Full,Inc_Muni,Post_City,\
        State,Zip_Code,Longitude,Latitude
        ,901,,901,,Bagby,Street,,Bagby Street,,HOUSTON,TX,77002,-95.37,29.7602
        ,901,,901,North,Main,Street,,North Main Street,,HOUSTON,TX,77002,-95.37,29.7702
        ,901,,901,South,Main,Street,,South Main Street,,HOUSTON,TX,77002,-95.37,29.7802
        ,903,A,903A,,Main,Avenue,East,Main Avenue East,,HOUSTON,TX,77002,-95.37,29.7902
        """,
        // NENA's standard, without the whole name and the whole number.
        """
        Add_Number,AddNum_Suf,St_PreDir,St_Name,St_PosTyp,St_PosDir,MSAGComm,State,Post_Code,Long,Lat
        901,,,Bagby,Street,,HOUSTON,TX,77002,-95.37,29.7602
        901,,North,Main,Street,,HOUSTON,TX,77002,-95.37,29.7702
        901,,South,Main,Street,,HOUSTON,TX,77002,-95.37,29.7802
        903,A,,Main,Avenue,East,HOUSTON,TX,77002,-95.37,29.7902
        """,
        // NENA's first standard, in codes, and a state's of its own.
        """
        X,Y,Z,SAN,PRD,STP,STN,STS,POD,MCN,STATE,ZIP
        -95.37,29.7602,0,901,,,BAGBY,ST,,HOUSTON,TX,77002
        -95.37,29.7702,0,901,N,,MAIN,ST,,HOUSTON,TX,77002
        -95.37,29.7802,0,901,S,,MAIN,ST,,HOUSTON,TX,77002
        -95.37,29.7902,0,903A,,,MAIN,AVE,E,HOUSTON,TX,77002
        """,
        """
        LON,LAT,HOUSE_NUMBER,HOUSE_NUMBERSUFFIX,PD,PT,SN,ST,SD,PRIMARYNAME,TOWNNAME,STATE,ZIP
        -95.37,29.7602,901,, , ,BAGBY,ST, ,BAGBY ST,HOUSTON,TX,77002
        -95.37,29.7702,901,,N, ,MAIN,ST, ,N MAIN ST,HOUSTON,TX,77002
        -95.37,29.7802,901,,S, ,MAIN,ST, ,,HOUSTON,TX,77002
        -95.37,29.7902,903,A, , ,MAIN,AVE,E,,HOUSTON,TX,77002
        """,
        // A shapefile keeps ten letters of ST_PREFIXDIR and of CITY_POSTAL.
        """
        ST_NUMBER,ST_NUMSUFF,ST_PREFIXD,ST_PREFIXT,ST_NAME,ST_TYPE,ST_SUFFIXD,CITY_POSTA,STATE,ZIP,LONGITUDE,LATITUDE
        901,,,,BAGBY,ST,,HOUSTON,TX,77002,-95.37,29.7602
        901,,N,,MAIN,ST,,HOUSTON,TX,77002,-95.37,29.7702
        901,,S,,MAIN,ST,,HOUSTON,TX,77002,-95.37,29.7802
        903,A,,,MAIN,AVE,E,HOUSTON,TX,77002,-95.37,29.7902
        """,
        // What spreadsheets and people put above a header.
        """
        sep=;
        LON;LAT;NUMBER;PREDIR;STREET;SUFFIX;SUFDIR;CITY;STATE;ZIP
        -95.37;29.7602;901;;BAGBY;ST;;HOUSTON;TX;77002
        -95.37;29.7702;901;N;MAIN;ST;;HOUSTON;TX;77002
        -95.37;29.7802;901;S;MAIN;ST;;HOUSTON;TX;77002
        -95.37;29.7902;903A;;MAIN;AVE;E;HOUSTON;TX;77002
        """,
        """
        "Address points, Harris County"
        Exported 2024-01-01

        LON,LAT,NUMBER,PREDIR,STREET,SUFFIX,SUFDIR,CITY,STATE,ZIP
        -95.37,29.7602,901,,BAGBY,ST,,HOUSTON,TX,77002
        -95.37,29.7702,901,N,MAIN,ST,,HOUSTON,TX,77002
        -95.37,29.7802,901,S,MAIN,ST,,HOUSTON,TX,77002
        -95.37,29.7902,903A,,MAIN,AVE,E,HOUSTON,TX,77002
        """,
        // A county's export, and one whose street has its type already.
        """
        LON,LAT,NUMBER,PREDIR,STREET,SUFFIX,SUFDIR,CITY,STATE,ZIP
        -95.37,29.7602,901,,BAGBY,ST,,HOUSTON,TX,77002
        -95.37,29.7702,901,N,MAIN,ST,,HOUSTON,TX,77002
        -95.37,29.7802,901,S,MAIN,ST,,HOUSTON,TX,77002
        -95.37,29.7902,903A,,MAIN,AVE,E,HOUSTON,TX,77002
        """,
        """
        POINT_X,POINT_Y,HOUSE_NO,DIR,STREET_NAME,TYPE,POST_DIR,MUNICIPALITY,CITY,STATE,ZIP
        -95.37,29.7602,901,,BAGBY ST,ST,,UNINCORPORATED,HOUSTON,TX,77002
        -95.37,29.7702,901,N,N MAIN ST,ST,,UNINCORPORATED,HOUSTON,TX,77002
        -95.37,29.7802,901,S,MAIN,ST,,UNINCORPORATED,HOUSTON,TX,77002
        -95.37,29.7902,903A,A,MAIN,AVE,E,UNINCORPORATED,HOUSTON,TX,77002
        """,
        // Esri's model.
        """
        ADDRNUM|FULLNAME|FULLADDR|MUNICIPALITY|STATE|ZIPCODE|LONGITUDE|LATITUDE
        901|BAGBY ST|901 BAGBY ST|HOUSTON|TX|77002|-95.37|29.7602
        901|N MAIN ST|901 N MAIN ST|HOUSTON|TX|77002|-95.37|29.7702
        901|S MAIN ST|901 S MAIN ST|HOUSTON|TX|77002|-95.37|29.7802
        903A||903A MAIN AVE E|HOUSTON|TX|77002|-95.37|29.7902
        """,
        // OpenStreetMap's tags, and a whole line of a spreadsheet with commas in its numbers.
        """
        @id;addr:housenumber;addr:street;addr:city;addr:state;addr:postcode;@lon;@lat
        1;901;Bagby Street;Houston;TX;'77002;-95,37;29,7602
        2;901;North Main Street;Houston;TX;'77002;-95,37;29,7702
        3;901;South Main Street;Houston;TX;'77002;-95,37;29,7802
        4;903A;Main Avenue East;Houston;TX;\\N;-95,37;29,7902
        """,
        """
        LON\tLAT\tFULLADDR\tCITY\tSTATE\tZIP\tPOSTCODE
        -95.37\t29.7602\t901 Bagby St\tHouston\tTX\t77002\t
        -95.37\t29.7702\t901 North Main St\tHouston\tTX\t77002\t(null)
        -95.37\t29.7802\t901 S Main St, Houston, TX\tHouston\tTX\t\t77002
        -95.37\t29.7902\t903A Main Ave E Houston TX 77002\tHouston\tTX\t77002\t77002
        """,
    ])
    func aStreetInPartsIsWhole(_ text: String) async throws {
        let summary = try run(text)
        #expect(summary.rows == 4 && summary.houses == 4 && summary.malformed.isEmpty && summary.streets >= 4)
        for (line, latitude) in Self.places {
            let match = try #require(try await find(line), "\(line)")
            #expect(match.precision == .rooftop && abs(match.latitude - latitude) < 1e-6, "\(line): \(match.text)")
        }
        #expect(try await find("901 Main Ave E")?.precision != .rooftop)
        try remove()
    }

    /// `ST` is a street's type beside `SN`, and elsewhere most often the state: Connecticut's is no court.
    @Test func aCodeMeansAPartOfTheStreetBesideTheOthersOnly() async throws {
        let text = "lon,lat,number,street,city,ST,SD,zip\n-95.37,29.7602,901,Bagby,Houston,CT,N,77002\n"
        #expect(try run(text).houses == 1)
        #expect(try await find("901 Bagby")?.precision == .rooftop)
        #expect(try await find("901 Bagby Ct")?.precision != .rooftop)
        try remove()
    }

    /// Points of parcels and of towers stand among those of houses in many files.
    @Test func aPointWithoutAnAddressIsSkippedAndWhatStandsForNoNumberIsNone() throws {
        let summary = try run(
            "X,Y,SAN,PRD,STN,STS,ZIP\n-95.37,29.7602,901,,BAGBY,ST,77002\n-95.37,29.77,0,,,,77002\n"
                + "-95.37,29.78,,,,,\n-95.37,29.78,-999,,,,77002\n-95.37,29.79,-99999,,BAGBY,ST,77002\n"
                + "-95.37,29.79,-901,,BAGBY,ST,77002\n")
        #expect(summary.houses == 1 && summary.empty == 3 && summary.rows == 3)
        #expect(summary.malformed == [.noNumber: 1, .badNumber: 1])
        try remove()
    }

    @Test(arguments: [
        #"{"type":"Topology","objects":{"a":{"type":"GeometryCollection","geometries":[]}},"arcs":[]}"#,
        "{\n \"arcs\": [[[0,0],[1,1]]],\n \"type\" : \"Topology\" }",
    ])
    func aTopologySaysSo(_ text: String) throws {
        let error = #expect(throws: CommandError.self) { try run(text) }
        #expect(error?.description.contains("TopoJSON") == true)
        try remove()
    }

    @Test func aStreetThatIsWholeLosesNoDirectional() {
        var parts = StreetParts(name: "NORTH HILLS")
        (parts.preDirectional, parts.postType) = ("N", "DR")
        #expect(parts.text == "N NORTH HILLS DR")
        parts.name = "NORTH HILLS DRIVE"
        #expect(parts.text == "NORTH HILLS DRIVE")
        (parts.name, parts.postType) = ("COURT", "CT")
        #expect(parts.text == "N COURT CT")
        (parts.name, parts.preType, parts.postType, parts.postModifier) = ("12", "County Road", "", "Extension")
        #expect(parts.text == "N County Road 12 Extension")
    }

    private static let header = "lon,lat,number,street,city,region,postcode\n"
    private static func row(_ number: String, _ latitude: Double = 29.7604) -> String {
        "-95.37,\(latitude),\(number),Elm St,Houston,TX,77002\n"
    }

    @Test(arguments: [
        ("9.01E+02", "901", ImportSummary.Change.powers), ("1.2345E+04", "12345", .powers),
        ("\"1,901\"", "1901", .thousands), ("\"12,345\"", "12345", .thousands), ("901.", "901", .decimals),
        ("Twenty-One", "21", .numberInWords),
    ])
    func aNumberThatCanOnlyBeOneIsRepairedAndCounted(
        _ written: String, _ number: String, _ change: ImportSummary.Change
    ) async throws {
        let summary = try run(Self.header + Self.row(written))
        #expect(summary.changes[change] == 1 && summary.malformed.isEmpty)
        #expect(try await find("\(number) Elm St")?.precision == .rooftop)
        try remove()
    }

    @Test(arguments: [
        "1-Sep", "Sep-01", "12-Oct-24", "9/1/2024", "2024-09-01", "1E3", "1.2E+04", "1.23E+10", "-901", "\"901,903\"",
        "\"1,90\"", "\"901,903,905\"", "901 903",
    ])
    func aSpoiledNumberIsNoHouse(_ written: String) async throws {
        let summary = try run(Self.header + Self.row(written) + Self.row("5001", 29.77))
        #expect(summary.malformed == [.badNumber: 1] && summary.houses == 1)
        for number in ["1", "9", "12", "901", "1901", "1200", "903"] {
            #expect(try await find("\(number) Elm St") == nil)
        }
        try remove()
    }

    @Test func outsideOfACityThePointDecides() async throws {
        let text =
            Self.header.replacing("\n", with: "") + """

                -152.3612998,57.8315401,1400,Abercrombie Drive,UNINCORPORATED,AK,
                -152.3625335,57.8301551,4023,Monashka Bay Road,Not stated,AK,

                """
        #expect(try run(text).changes == [.filled: 2, .none: 2])
        try remove()
    }

    private static func feature(_ number: Int, _ more: String = "") -> String {
        """
        {"type":"Feature","properties":{"number":\(number),"street":"ELM ST {\\"[","city":"HOUSTON","region":"TX",\
        "postcode":"77002"\(more)},"geometry":{"type":"Point","coordinates":[-95.37,29.76,null]}}
        """.replacing(" {\\\"[", with: "")
    }

    @Test func aCollectionInOneLineOrOverManyIsRead() async throws {
        let features = (1...400).map { Self.feature($0 * 2, ",\"note\":\"a } ] \\\\\\\" { b\"") }
        let whole =
            "{\"type\":\"FeatureCollection\",\"crs\":{\"properties\":{\"features\":[1,[2]]}},\"features\":["
            + features.joined(separator: ",") + "]}"
        let value = try JSONSerialization.jsonObject(with: Data(whole.utf8))
        let pretty = String(
            decoding: try JSONSerialization.data(withJSONObject: value, options: .prettyPrinted), as: UTF8.self)
        let one = try JSONSerialization.jsonObject(with: Data(features[0].utf8))
        let alone = String(
            decoding: try JSONSerialization.data(withJSONObject: one, options: .prettyPrinted), as: UTF8.self)
        for (text, count) in [
            (whole, 400), (pretty, 400), (alone, 1), ("[" + features.joined(separator: ",\n") + "]", 400),
            (alone + "\n" + alone.replacing("2", with: "4"), 2),
        ] {
            let summary = try run(text)
            #expect(summary.rows == count && summary.malformed.isEmpty, "\(summary.text)")
        }
        try remove()
    }

    @Test func whatIsBrokenInACollectionCostsItselfAlone() throws {
        let text = """
            {"type":"FeatureCollection","features":[
            \(Self.feature(2)),
            {"type":"Feature","properties":{"number":4,
            \(Self.feature(6)),
            {"type":"Feature","properties":{"number":"8
            \(Self.feature(10)),
            {"type":"Feature","x":"\(String(repeating: "x", count: 70_000))"},
            {"number":12},
            \(Self.feature(14))
            ]}
            """
        let summary = try run(text)
        #expect(summary.houses == 4)
        #expect(summary.malformed[.tooLong] == 1 && summary.malformed[.noFeature] == 2, "\(summary.text)")
        #expect(summary.examples.map(\.line).prefix(2) == [3, 5])
        try remove()
    }

    @Test func aCollectionThatIsCutOffReplacesNothing() async throws {
        _ = try run(Self.header + Self.row("901"))
        let text = "{\"type\":\"FeatureCollection\",\"features\":[\n" + Self.feature(2) + ",\n" + Self.feature(4)
        let error = #expect(throws: CommandError.self) { try run(text) }
        #expect(error?.description.hasSuffix("ends within its features: is it cut off?") == true)
        #expect(try await find("901 Elm St") != nil)
        try remove()
    }

    @Test func pointsOfOtherShapesAreRead() async throws {
        func text(_ geometry: String) -> String {
            Self.feature(2).replacing("{\"type\":\"Point\",\"coordinates\":[-95.37,29.76,null]}", with: geometry)
        }
        for geometry in [
            "{\"type\":\"MultiPoint\",\"coordinates\":[[-95.37,29.76]]}",
            "{\"type\":\"Point\",\"coordinates\":[\"-95.37\",\"29.76\"]}",
        ] {
            #expect(try run(text(geometry)).houses == 1)
        }
        for geometry in ["{\"type\":\"Point\",\"coordinates\":[null,null]}", "{\"type\":\"Point\",\"coordinates\":[]}"]
        {
            let error = #expect(throws: AddressImport.Refused.self) { try run(text(geometry)) }
            #expect(error?.summary.malformed == [.noCoordinates: 1])
        }
        try remove()
    }
}
