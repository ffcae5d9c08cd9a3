import ServiceRuntime
import Testing

@testable import DecisionService

@Suite struct CoverageFileTests {
    @Test func readsEveryKindOfRule() throws {
        let relief = try #require(try CoverageFixture.coverage().organizations["relief"])
        #expect(relief.name == "Example Relief")
        #expect(relief.zips.keys.sorted() == ["02108", "77002"])
        #expect(relief.zipPrefixes.keys.sorted() == ["77", "770", "7701", "9"])
        #expect(relief.countyFIPS.count == 1)
        #expect(relief.countyNames.keys.sorted() == ["MO", "NM"])
        #expect(relief.states.keys.sorted() == ["AK", "TX"])
        #expect(relief.statesOfCounties == ["MO", "NM", "TX"])
    }

    @Test func theVersionNamesTheContent() throws {
        let one = try CoverageFixture.coverage()
        #expect(one.version.hasPrefix("2026-01@"))
        #expect(one.version.count == "2026-01@".count + 12)
        #expect(try CoverageFixture.coverage().version == one.version)
        #expect(try CoverageFixture.coverage(CoverageFixture.yaml + "\n# a comment").version != one.version)
        // printf 'organizations: {a: {covers: {states: [TX]}}}' | sha256sum
        let unnamed = try CoverageFixture.coverage("organizations: {a: {covers: {states: [TX]}}}")
        #expect(unnamed.version == "6b7930c33943")
    }

    /// Each wrong file, and a part of each problem that it must be told.
    @Test(arguments: [
        ("", ["organizations: is missing"]),
        ("# nothing", ["organizations: is missing"]),
        ("null", ["the file (line 1): must be a mapping"]),
        ("[1, 2]", ["the file (line 1): must be a mapping"]),
        ("version: 1", ["organizations: is missing"]),
        ("organizations: {}", ["organizations (line 1): is empty"]),
        ("organizations: []", ["organizations (line 1): must be a mapping"]),
        ("organizations:", ["organizations (line 1): must be a mapping"]),
        ("organizations: {a: }", ["organizations.a (line 1): must be a mapping"]),
        ("organizations: {a: {}}", ["organizations.a.covers (line 1): is missing"]),
        ("organizations: {a: {covers: {}}}", ["organizations.a.covers (line 1): is empty"]),
        ("organizations: {a: {covers: all}}", ["organizations.a.covers (line 1): must be a mapping"]),
        ("organizations: {a: {covers: {zips: []}}}", ["organizations.a.covers.zips (line 1): is empty"]),
        ("organizations: {a: {covers: {zips: 77002}}}", ["organizations.a.covers.zips (line 1): must be a list"]),
        ("organizations: {a: {covers: {zips: [[1]]}}}", ["organizations.a.covers.zips[0] (line 1): must be a text"]),
        ("organizations: {a: {name: '', covers: {states: [TX]}}}", ["organizations.a.name (line 1): must be"]),
        ("organizations: {a: {covers: {states: [TX]}, extra: 1}}", ["organizations.a.extra (line 1): is not a known"]),
        ("organizations: {a: {covers: {zip: ['77002']}}}", ["organizations.a.covers.zip (line 1): is not a known key"]),
        ("organisations: {a: 1}", ["organisations (line 1): is not a known key", "organizations: is missing"]),
        ("version: 'a b'\norganizations: {a: {covers: {states: [TX]}}}", ["version (line 1): must be 1 to 64"]),
        ("version: []\norganizations: {a: {covers: {states: [TX]}}}", ["version (line 1): must be 1 to 64"]),
        ("organizations: {a: {covers: {states: [TX]}}, a: {covers: {states: [OK]}}}", ["twice"]),
        ("organizations: {a: {covers: {zips: [\"77002\", \"77002\"]}}}", ["zips[1] (line 1): `zip:77002` stands here"]),
        ("organizations: [\n", ["the file is not YAML"]),
        ("\torganizations: 1", ["the file is not YAML"]),
        ("a: *nothing", ["the file is not YAML"]),
    ])
    func saysWhatIsWrong(yaml: String, expected: [String]) {
        let problems = problems(of: yaml)
        #expect(problems.count == expected.count, "\(problems)")
        for (problem, part) in zip(problems, expected) { #expect(problem.contains(part), "\(problem)") }
    }

    @Test(arguments: ["7700", "770022", "7700a", "77002-1234", "''", "７７００２", "-7700", "7_000", "null"])
    func refusesMalformedZIPs(zip: String) {
        #expect(problem(ofRule: "zips: [\(zip)]")?.contains("is not a five-digit ZIP") == true)
    }

    @Test(arguments: ["77002", "''", "a", "77x", "-1", "0x7"])
    func refusesMalformedPrefixes(prefix: String) {
        #expect(problem(ofRule: "zip_prefixes: [\(prefix)]")?.contains("first one to four digits") == true)
    }

    @Test(arguments: ["Texas", "tx", "XX", "''", "T", "TX "].map { "'\($0.replacing("'", with: ""))'" })
    func refusesMalformedStates(state: String) {
        #expect(problem(ofRule: "states: [\(state)]")?.contains("is not a USPS state code") == true)
    }

    /// Unquoted, some YAML readers take these for booleans.
    @Test(arguments: ["OK", "NO", "ON", "Y"])
    func statesAreTextsEvenWhenYAMLHasOtherIdeas(state: String) {
        #expect((problem(ofRule: "states: [\(state)]") == nil) == (state == "OK"))
    }

    @Test(arguments: ["4820", "48000", "03001", "99001", "00001", "482011", "''"])
    func refusesMalformedFIPSCodes(fips: String) {
        #expect(problem(ofRule: "counties: ['\(fips.replacing("'", with: ""))']") != nil)
    }

    @Test(arguments: [
        "Harris County", "Harris, TX", "Harris County, Texas", "Harris County, XX", "Harris County, TX, USA", ", TX",
        "County, TX", "Harris County TX", "Capitol Planning Region, CT", "Harris County,",
    ])
    func refusesCountiesThatWouldMatchNothing(county: String) {
        #expect(problem(ofRule: "counties: [\"\(county)\"]") != nil)
    }

    @Test(arguments: [
        "Harris County, TX", "Orleans Parish, LA", "Juneau City and Borough, AK", "Nome Census Area, AK",
        "Anchorage Municipality, AK", "San Juan Municipio, PR", "Baltimore city, MD", "Carson City, NV",
        "District of Columbia, DC", "Guam, GU", "St. Croix, VI", "Prince George's County, MD", "Saipan,MP",
    ])
    func takesCountiesOfEveryKind(county: String) {
        #expect(problem(ofRule: "counties: [\"\(county)\"]") == nil)
    }

    @Test func connecticutsPlanningRegionsAreExplained() {
        #expect(problem(ofRule: "counties: ['09110']")?.contains("09001 to 09015") == true)
        #expect(problem(ofRule: "counties: ['09001']") == nil)
    }

    @Test func tellsEverythingAtOnceWithPathAndLine() {
        let problems = problems(
            of: """
                organizations:
                  relief:
                    covers:
                      zips:
                        - "77002"
                        - 7700
                      states: [Texas]
                  pantry:
                    covers:
                      counties: ["1"]
                  empty: {}
                """)
        #expect(
            problems.map { $0.prefix { $0 != ":" } } == [
                "organizations.relief.covers.zips[1] (line 6)", "organizations.relief.covers.states[0] (line 7)",
                "organizations.pantry.covers.counties[0] (line 10)", "organizations.empty.covers (line 11)",
            ])
    }

    @Test func aLongOrStrangeValueIsQuotedShort() throws {
        let told = try #require(problem(ofRule: "zips: [\"\(String(repeating: "7", count: 10_000))\\n\"]"))
        #expect(told.count < 200)
        #expect(!told.contains("\n"))
    }

    @Test func bytesThatAreNoTextAreAProblem() {
        let error = #expect(throws: FileProblems.self) { _ = try CoverageFile.parse([0xFF, 0xFE, 0x00]) }
        #expect(error?.problems == ["the file is not UTF-8"])
    }

    private func problem(ofRule rule: String) -> String? {
        problems(of: "organizations: {a: {covers: {\(rule)}}}").first
    }

    private func problems(of yaml: String) -> [String] {
        do {
            _ = try CoverageFixture.coverage(yaml)
            return []
        } catch {
            return error.problems
        }
    }
}
