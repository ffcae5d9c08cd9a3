import Testing

@testable import DecisionService

@Suite struct ZIPTableFileTests {
    private func read(_ text: String) -> ZIPTableFile { ZIPTableFile(Array(text.utf8)) }

    @Test(arguments: [
        "77002\n02108\n", "77002\r\n02108", "zip\n77002\n\n02108\n\n", "\u{FEFF}ZIP\n77002\n02108\n",
        "county,zip\nHarris,77002\nSuffolk,02108\n",
        "city,zip\nHouston, \"77002\" \n \"Boston, MA\" , 02108\n",
        "ZIP Code,,\n77002,,\n,,\n02108,,\n,,\n", "Postal_Code\n77002\n02108\n", "ZCTA5,x\n77002,1\n ,\n02108,2\n",
        "zip,county\n 77002 ,\"Harris, TX\"\n\"02108\",\"a \"\"b\"\"\nc\"\n",
    ])
    func readsAColumn(text: String) {
        let file = read(text)
        #expect(file.problems == [])
        #expect(file.zips == ["77002", "02108"])
    }

    @Test func rowsOfCommasAreCounted() throws {
        #expect(read("zip,,\n77002,,\n,,\n").warnings == ["a row holds nothing but commas, and was passed over"])
        #expect(read("zip,x\n,\n77002,\n, \n").warnings == ["2 rows hold nothing but commas, and were passed over"])
        #expect(read("77002\n\n02108\n").warnings == [])
        let coverage = try CoverageFixture.relief("covers: {zips_file: a.csv}", files: ["a.csv": "zip,\n77002,\n,\n"])
        #expect(coverage.warnings.count == 1 && coverage.warnings[0].contains("a.csv"))
    }

    @Test func aZIPMayStandTwice() throws {
        let coverage = try CoverageFixture.relief("covers: {zips_file: a.csv}", files: ["a.csv": "77002\n77002\n"])
        #expect(coverage.organizations["relief"]?.covers.zips["77002"]?.count == 1)
    }

    @Test(arguments: [
        ("", ["which holds no ZIP"]), ("zip\n", ["which holds no ZIP"]),
        ("a,b\n77002,1\n", ["line 1: has 2 columns, and none is called zip"]),
        ("zip\n77002\n2108\n", ["line 3: `2108` is not a five-digit ZIP: has a spreadsheet"]),
        ("77002\n77002-1234\nTexas\n", ["line 2: `77002-1234` is not", "line 3: `Texas` is not"]),
        ("zip,state\n77002,TX\n77003\n", ["line 3: has 1 columns instead of 2"]),
        ("zip,note\n77002,\"a\nb\"\nx,y\n", ["line 4: `x` is not a five-digit ZIP"]),
        ("zip\n\"77002\n", ["line 2: a quotation mark is never closed"]),
        ("zip\n77002\n\"77003\"x\n", ["line 3: has text behind a closing quotation mark"]),
    ])
    func saysWhatIsWrongWithItsLine(text: String, expected: [String]) {
        let problems = read(text).problems
        #expect(problems.count == expected.count, "\(problems)")
        for (problem, part) in zip(problems, expected) { #expect(problem.hasPrefix(part), "\(problem)") }
    }

    @Test func aWrongTableIsToldShort() {
        let table = String(repeating: "x\n", count: 1000)
        let problems = CoverageFixture.problems(
            "organizations:\n  a:\n    covers:\n      zips_file: a.csv", files: ["a.csv": table])
        #expect(problems.count == 21)
        #expect(
            problems.first == "organizations.a.covers.zips_file (line 4): a.csv, line 1: `x` is not a five-digit ZIP")
        #expect(problems.last?.hasSuffix("a.csv has 980 more such problems") == true)
    }

    @Test func bytesThatAreNoTextAreAProblem() {
        #expect(ZIPTableFile([0xFF]).problems == ["which is not UTF-8"])
    }
}
