import ServiceRuntime
import Testing

@testable import DecisionService

@Suite struct CoverageFileTests {
    @Test func readsEveryKindOfRule() throws {
        let relief = try #require(try CoverageFixture.coverage().organizations["relief"])
        #expect(relief.name == "Example Relief")
        #expect(relief.covers.zips.keys.sorted() == ["02108", "77002"])
        #expect(relief.covers.zipPrefixes.keys.sorted() == ["77", "770", "7701", "9"])
        #expect(relief.covers.countyFIPS.count == 1)
        #expect(relief.covers.countyNames.keys.sorted() == ["MO", "NM"])
        #expect(relief.covers.states.keys.sorted() == ["AK", "TX"])
        #expect(relief.covers.statesOfCounties.keys.sorted() == ["MO", "NM", "TX"])
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
        ("null", ["organizations: is missing: the file is empty"]),
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
        (
            "organizations: {a: {covers: {states: [TX]}, extra: 1}}",
            ["organizations.a.extra (line 1): is not known here"]
        ),
        ("organizations: {a: {covers: {zip: ['77002']}}}", ["organizations.a.covers.zip (line 1): is not known here"]),
        ("organisations: {a: 1}", ["organisations (line 1): is not known here", "organizations: is missing"]),
        ("version: 'a b'\norganizations: {a: {covers: {states: [TX]}}}", ["version (line 1): must be 1 to 64"]),
        ("version: []\norganizations: {a: {covers: {states: [TX]}}}", ["version (line 1): must be 1 to 64"]),
        ("organizations: {a: {covers: {states: [TX]}}, a: {covers: {states: [OK]}}}", ["twice"]),
        ("organizations: {a: {covers: {zips: [\"77002\", \"77002\"]}}}", ["zips[1] (line 1): `zip:77002` stands here"]),
        (organization("covers: []"), ["a.covers (line 1): is empty"]),
        (organization("covers: [all]"), ["a.covers[0] (line 1): must be a mapping"]),
        (organization("covers: [{}]"), ["a.covers[0] (line 1): is empty"]),
        (organization("covers: {name: North}"), ["a.covers (line 1): is empty"]),
        (block("name: ''"), ["covers.name (line 1): must be a text of 1 to 100"]),
        (block("capacity_note: []"), ["covers.capacity_note (line 1): must be a text of 1 to 500"]),
        (block("valid_from: today"), ["covers.valid_from (line 1): must be a day"]),
        (block("valid_until: 2026-02-30"), ["covers.valid_until (line 1): must be a day"]),
        (block("valid_from: 2026-1-1"), ["covers.valid_from (line 1): must be a day"]),
        (block("valid_from: 2026-02-02, valid_until: 2026-02-01"), ["valid_until (line 1): is before valid_from"]),
        (block("zip_ranges: ['77001']"), ["zip_ranges[0] (line 1): `77001` is not a range"]),
        (block("zip_ranges: [77001-7709]"), ["zip_ranges[0] (line 1): `77001-7709` is not a range"]),
        (block("zip_ranges: [77001-77002-77003]"), ["zip_ranges[0] (line 1)"]),
        (block("zip_ranges: [77099-77001]"), ["zip_ranges[0] (line 1): `77099-77001` ends before it begins"]),
        (block("zips_file: [a.csv]"), ["zips_file (line 1): must be the name of a CSV file"]),
        (block("zips_file: none.csv"), ["zips_file (line 1): the file `none.csv` cannot be read"]),
        (block("polygons: none.geojson"), ["polygons (line 1): must be a list"]),
        (block("polygons: []"), ["polygons (line 1): is empty"]),
        (block("polygons: [[]]"), ["polygons[0] (line 1): must be the name of a GeoJSON file"]),
        (block("polygons: [none.geojson]"), ["polygons[0] (line 1): the file `none.geojson` cannot be read"]),
        (block("polygons: [{name: North}]"), ["polygons[0].file (line 1): is missing"]),
        (
            block("polygons: [{file: [], id: 1}]"),
            ["polygons[0].id (line 1): is not", "polygons[0].file (line 1): must"]
        ),
        (block("radius: 25"), ["radius (line 1): must be a list"]),
        (block("radius: {}"), ["radius.lat (line 1): is miss", "radius.lon (line 1): is", "radius.km (line 1): is"]),
        (block("radius: {lat: 91, lon: 0, km: 1}"), ["radius.lat (line 1): must be a number from -90 to 90"]),
        (block("radius: [{lat: 1, lon: east, km: 1}]"), ["radius[0].lon (line 1): must be a number from -180 to 180"]),
        (block("radius: {lat: 1, lon: 1, km: 0}"), ["radius.km (line 1): must be a number from 0.001 to 5000"]),
        (block("radius: {lat: nan, lon: 1, km: 1}"), ["radius.lat (line 1): must be a number"]),
        (block("radius: {lat: 1, lon: 1, km: 1, name: ''}"), ["radius.name (line 1): must be a text"]),
        (exclude("{}"), ["a.exclude (line 1): is empty"]),
        (exclude("{zips: ['77002'], capacity_note: x}"), ["a.exclude.capacity_note (line 1): is not known here"]),
        (exclude("{zips: [x]}"), ["a.exclude.zips[0] (line 1): `x` is not a five-digit ZIP"]),
        (with("time_zone: CST"), ["a.time_zone (line 1): must be UTC or a name such as America/Chicago"]),
        (with("time_zone: America/Nowhere"), ["a.time_zone (line 1): must be UTC or a name"]),
        (with("review: always"), ["a.review (line 1): must be a mapping"]),
        (with("review: {}"), ["review.when (line 1): is m", "review.deadline (line 1)", "review.fallback (line 1)"]),
        (review("when: []"), ["review.when (line 1): must be a list that is not empty"]),
        (review("when: [doubt]"), ["review.when[0] (line 1): is none of place_conflict, location_too_coarse"]),
        (review("deadline: soon"), ["review.deadline (line 1): must be a duration"]),
        (review("deadline: 10s"), ["review.deadline (line 1): must be a duration such as 30m or 48h, from 1m"]),
        (review("fallback: maybe"), ["review.fallback (line 1): must be accept or decline"]),
        ("organizations: [\n", ["is not YAML"]),
        ("\torganizations: 1", ["is not YAML"]),
        ("a: *nothing", ["is not YAML"]),
    ])
    func saysWhatIsWrong(yaml: String, expected: [String]) {
        let problems = problems(of: yaml)
        #expect(problems.count == expected.count, "\(problems)")
        for (problem, part) in zip(problems, expected) { #expect(problem.contains(part), "\(problem)") }
    }

    // The files of the table: one thing in them is wrong.

    private static func organization(_ text: String) -> String { "organizations: {a: {\(text)}}" }
    private static func block(_ text: String) -> String {
        organization("covers: {states: [TX], \(text)}")
    }
    private static func exclude(_ text: String) -> String { with("exclude: \(text)") }
    private static func with(_ text: String) -> String { organization("covers: {states: [TX]}, \(text)") }
    private static func review(_ text: String) -> String {
        let defaults = ["when": "[place_conflict]", "deadline": "48h", "fallback": "accept"]
        let others = defaults.filter { !text.hasPrefix($0.key) }.map { "\($0.key): \($0.value)" }
        return with("review: {\((others + [text]).joined(separator: ", "))}")
    }

    @Test(arguments: ["7700", "770022", "7700a", "77002-1234", "''", "７７００２", "-7700", "7_000", "'null'"])
    func refusesMalformedZIPs(zip: String) {
        #expect(problem(ofRule: "zips: [\(zip)]")?.contains("is not a five-digit ZIP") == true)
    }

    /// A null is no text of four letters: a partner would have to send it as a region.
    @Test(arguments: ["null", "~", "Null", "NULL"]) func aNullIsNoText(value: String) {
        for key in ["zips", "region_codes", "states", "counties", "zip_prefixes"] {
            #expect(problem(ofRule: "\(key): [\(value)]")?.contains("must be a text") == true)
        }
        #expect(problem(ofRule: "region_codes: ['null']") == nil)
    }

    @Test(arguments: ["77002", "''", "a", "77x", "-1", "0x7"])
    func refusesMalformedPrefixes(prefix: String) {
        #expect(problem(ofRule: "zip_prefixes: [\(prefix)]")?.contains("first one to four digits") == true)
    }

    @Test(arguments: ["Texas", "tx", "XX", "''", "T", "TX "].map { "'\($0.replacing("'", with: ""))'" })
    func refusesMalformedStates(state: String) {
        #expect(problem(ofRule: "states: [\(state)]")?.contains("is no USPS state code") == true)
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
        "Harris County", "Harris, TX", "Harris County, Texass", "Harris County, XX", "Harris County, TX, USA", ", TX",
        "County, TX", "Harris County TX", "Capitol Planning, CT", "Harris County,", "Haris County, TX",
        "Harris County, OK", "Washabaugh, SD",
    ])
    func refusesCountiesThatWouldMatchNothing(county: String) {
        #expect(problem(ofRule: "counties: [\"\(county)\"]") != nil)
    }

    @Test(arguments: [
        "Harris County, TX", "Orleans Parish, LA", "Juneau City and Borough, AK", "Nome Census Area, AK",
        "Anchorage Municipality, AK", "San Juan Municipio, PR", "Baltimore city, MD", "Carson City, NV",
        "District of Columbia, DC", "Guam, GU", "St. Croix, VI", "Prince George's County, MD", "Saipan,MP",
        "Capitol Planning Region, CT", "Harris County, tx", "Harris County, Texas", "harris county,  TEXAS ",
        "Santa Fe County, new  mexico", "Orleans Parish, Louisiana",
        "Valdez-Cordova Census Area, AK", "Shannon County, SD", "Bedford city, VA",
    ])
    func takesCountiesOfEveryKind(county: String) {
        #expect(problem(ofRule: "counties: [\"\(county)\"]") == nil)
    }

    @Test func connecticutIsDividedTwice() {
        #expect(problem(ofRule: "counties: ['09110']") == nil)
        #expect(problem(ofRule: "counties: ['09001']") == nil)
        #expect(problem(ofRule: "counties: ['09111']")?.contains("09110, Capitol Planning Region, CT") == true)
    }

    /// With path and line, as everything else that is wrong.
    @Test func aCountyThatIsNoneIsToldWithTheNearest() {
        #expect(
            problem(ofRule: "counties: [\"Haris County, TX\"]")
                == "organizations.a.covers.counties[0] (line 1): `Haris County, TX` is no county; the nearest is "
                + "Harris County, TX")
        #expect(
            problem(ofRule: "counties: [\"48202\"]")
                == "organizations.a.covers.counties[0] (line 1): `48202` is not the five-digit FIPS code of a county; the "
                + "nearest is 48201, Harris County, TX")
        #expect(problem(ofRule: "counties: [\"48999\"]")?.contains("`48999` is not the five-digit FIPS code") == true)
    }

    @Test func withoutTheGazetteerNoCountyIsTaken() {
        let yaml = "organizations: {a: {covers: {counties: ['48201']}}}"
        let error = #expect(throws: FileProblems.self) { _ = try CoverageFile.parse(Array(yaml.utf8), counties: nil) }
        #expect(error?.problems.first?.contains("the gazetteer") == true)
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
        #expect(error?.problems == ["is not UTF-8"])
    }

    private func problem(ofRule rule: String) -> String? {
        problems(of: "organizations: {a: {covers: {\(rule)}}}").first
    }

    private func problems(of yaml: String) -> [String] { CoverageFixture.problems(yaml) }

    /// What became of a county that ended may be named beside it, or be what became of another.
    @Test(arguments: [
        ["02261", "02063"], ["02063", "02261"], ["02201", "02280"], ["46113", "46102"], ["02232", "02230", "02105"],
        ["Skagway-Hoonah-Angoon Census Area, AK", "Skagway Municipality, AK"], ["51515", "51019"],
        ["Bedford city, VA", "Bedford County, VA"], ["Dade County, FL", "Miami-Dade County, FL"],
        ["48201", "Harris County, TX"],
    ])
    func aCountyMayStandBesideTheOneThatItWas(_ counties: [String]) {
        let list = counties.map { "\"\($0)\"" }.joined(separator: ", ")
        #expect(problem(ofRule: "counties: [\(list)]") == nil)
    }

    @Test(arguments: [
        ["02261", "02261"], ["02063", "02063"], ["Harris County, TX", "harris county, TX"],
        ["02261", "02063", "02063"],
        ["Bedford city, VA", "Bedford city, VA"], ["02063", "02261", "02063"],
    ])
    func whatIsNamedTwiceIsToldAllTheSame(_ counties: [String]) {
        let list = counties.map { "\"\($0)\"" }.joined(separator: ", ")
        let told = problems(of: "organizations: {a: {covers: {counties: [\(list)]}}}")
        #expect(told.count == 1 && told.first?.contains("stands here twice") == true, "\(told)")
    }
}
