import AddressTable
import Configuration
import Foundation
import ServiceRuntime
import TestSupport
import Testing

@testable import GeocodeService

@Suite struct GeocoderFileTests {
    private func parse(
        _ yaml: String, files: [String: String] = [:], environment: [String: String] = [:]
    ) throws -> GeocoderFile {
        try GeocoderFile.parse(
            Array(yaml.utf8),
            secrets: SecretSources(
                readFile: { path in
                    guard let content = files[path] else { throw CocoaError(.fileNoSuchFile) }
                    return Array(content.utf8)
                },
                environment: { environment[$0] }))
    }

    private func problems(_ yaml: String) -> [String] {
        do {
            _ = try parse(yaml, files: ["empty": "\n", "blank": "s3cret s3cret"], environment: ["NOTHING": ""])
            return []
        } catch {
            return (error as? FileProblems)?.problems ?? ["\(error)"]
        }
    }

    @Test func eachKindHasItsDefaults() throws {
        let file = try parse(
            """
            geocoders:
              - {name: own, kind: addresses, file: /var/lib/intake/addresses.bin}
              - {name: census, kind: census}
              - {name: osm, kind: nominatim, contact: ops@relief.example}
              - {name: earth, kind: pelias, url: "https://api.geocode.earth"}
              - {name: google, kind: google, key: abc}
            """)
        #expect(file.patience == .seconds(900))
        #expect(
            file.entries == [
                GeocoderEntry(
                    name: "own", kind: .addresses, location: "/var/lib/intake/addresses.bin", keepsAnswers: .zero,
                    keepsNonAnswers: .zero),
                GeocoderEntry(
                    name: "census", kind: .census, location: "https://geocoding.geo.census.gov", timeout: .seconds(10)),
                GeocoderEntry(
                    name: "osm", kind: .nominatim, location: "https://nominatim.openstreetmap.org", rate: 1,
                    isRateShared: true, concurrency: 1, contact: "ops@relief.example"),
                GeocoderEntry(name: "earth", kind: .pelias, location: "https://api.geocode.earth"),
                GeocoderEntry(
                    name: "google", kind: .google, location: "https://maps.googleapis.com", rate: 50,
                    keepsAnswers: .days(30), key: Secret("abc")),
            ])
    }

    @Test func readsEverythingThereIs() throws {
        let file = try parse(
            """
            patience: 90s
            geocoders:
              - name: bureau
                kind: census
                url: http://census.internal:8080/mirror/
                contact: https://relief.example/contact
                benchmark: Public_AR_Census2020
                vintage: none
                rate: 600/m
                shared_rate: true
                concurrency: 64
                timeout: 2500ms
                cache: {answers: 12h, no_match: 0s}
                attribution: US Census Bureau
                allow: [http]
              - name: map
                kind: nominatim
                url: http://nominatim.internal
                contact: ops@relief.example
                rate: 200/s
                shared_rate: false
                cache: {answers: 0s, no_match: 0s}
                allow: [http, own-server]
            """)
        #expect(file.patience == .seconds(90))
        #expect(
            file.entries == [
                GeocoderEntry(
                    name: "bureau", kind: .census, location: "http://census.internal:8080/mirror/", rate: 10,
                    isRateShared: true, concurrency: 64, timeout: .milliseconds(2500), keepsAnswers: .seconds(43_200),
                    keepsNonAnswers: .zero, attribution: "US Census Bureau", contact: "https://relief.example/contact",
                    benchmark: "Public_AR_Census2020", vintage: nil),
                GeocoderEntry(
                    name: "map", kind: .nominatim, location: "http://nominatim.internal", rate: 200,
                    isRateShared: false, concurrency: 1, keepsAnswers: .zero, keepsNonAnswers: .zero,
                    contact: "ops@relief.example"),
            ])
    }

    @Test func keysComeFromTheFileAnotherOneOrTheEnvironment() throws {
        let file = try parse(
            """
            geocoders:
              - {name: a, kind: google, key: one}
              - {name: b, kind: google, key_file: /run/secrets/b}
              - {name: c, kind: pelias, url: "https://p.example", key_env: C_KEY}
            """, files: ["/run/secrets/b": "two\nof no use\n"], environment: ["C_KEY": "three"])
        #expect(file.entries.map(\.key?.revealed) == ["one", "two", "three"])
        var told = "\(file) \(String(reflecting: file))"
        dump(file, to: &told)
        for key in ["one", "two", "three"] { #expect(!told.contains("\"\(key)\"")) }
    }

    @Test(arguments: ["", "# nothing\n", "~", "geocoders: []", "geocoders:", "patience: 15m\ngeocoders: []"])
    func withoutEntriesThereAreNone(yaml: String) throws {
        #expect(try parse(yaml) == GeocoderFile())
    }

    @Test(
        arguments: [
            ("kind: census\n    url: http://c.example", "url", "is not https"),
            ("kind: census\n    url: ftp://c.example", "url", "must start with http:// or https://"),
            ("kind: census\n    url: https://u:s3cret@c.example", "url", "must not hold a user or password"),
            ("kind: census\n    url: https://c.example/?key=s3cret", "url", "must not have a query"),
            ("kind: census\n    url: https://c.example/#a", "url", "must not have a query or a fragment"),
            ("kind: census\n    url: https://", "url", "has no host"),
            ("kind: census\n    url: https://c.example:99999", "url", "port"),
            ("kind: census\n    url: \"https://c .example\"", "url", "is no URL"),
            ("kind: census\n    key: s3cret", "key", "is not known here"),
            ("kind: census\n    file: a", "file", "is not known here"),
            ("kind: census\n    shared_rate: true", "shared_rate", "needs a rate"),
            ("kind: google\n    rate: fast", "rate", "must be a number from 1 to 1000000 and a time"),
            ("kind: census\n    shared_rate: maybe", "shared_rate", "must be true or false"),
            ("kind: census\n    concurrency: 65", "concurrency", "must be a whole number from 1 to 64"),
            ("kind: census\n    concurrency: 0", "concurrency", "must be a whole number from 1 to 64"),
            ("kind: census\n    timeout: 2m", "timeout", "from 100ms to 60s"),
            ("kind: census\n    timeout: 5", "timeout", "from 100ms to 60s"),
            ("kind: census\n    cache: 5d", "cache", "must be a mapping"),
            ("kind: census\n    cache: {answers: 366d}", "cache.answers", "from 0s to 365d"),
            ("kind: census\n    cache: {no_match: -1d}", "cache.no_match", "from 0s to 365d"),
            ("kind: census\n    cache: {misses: 1d}", "cache.misses", "is not known here"),
            ("kind: census\n    attribution: \"a\\nb\"", "attribution", "must be one line"),
            ("kind: census\n    benchmark: []", "benchmark", "must be text"),
            ("kind: census\n    contact: nobody", "contact", "must be a mailbox or a web address"),
            ("kind: census\n    contact: a@b.example)", "contact", "must be a mailbox or a web address"),
            ("kind: census\n    contact: \"a@b\\r\\nX: 1\"", "contact", "must be a mailbox or a web address"),
            ("kind: census\n    allow: http", "allow", "must be a list"),
            ("kind: census\n    allow: [own-server]", "allow[0]", "must be http"),
        ])
    func aFaultyEntryIsNamedWithItsPlaceAndLine(entry: String, path: String, problem: String) {
        let key = entry.hasPrefix("kind: google") ? "key: abc" : "# no key"
        let found = problems("geocoders:\n  - name: a\n    \(entry)\n    \(key)\n")
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.hasPrefix("geocoders[0].\(path) (line 4): ") == true, "\(found)")
        #expect(found.first?.contains(problem) == true, "\(found)")
        #expect(!found.joined().contains("s3cret"))
    }

    @Test(
        arguments: [
            ("rate: 2/s", "rate", "is more than 1/s"), ("rate: 61/m", "rate", "is more than 1/s"),
            ("shared_rate: false", "shared_rate", "must be true"),
            ("cache: {answers: 0s}", "cache", "must keep both"), ("cache: {no_match: 0s}", "cache", "must keep both"),
            ("allow: [own-server]", "allow", "the url leads to the public one"),
            ("key: s3cret", "key", "is not known here"),
        ])
    func nominatimsPolicyHolds(line: String, path: String, problem: String) {
        let found = problems(
            "geocoders:\n  - name: a\n    kind: nominatim\n    contact: ops@relief.example\n    \(line)\n")
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.hasPrefix("geocoders[0].\(path) (line 5): ") == true, "\(found)")
        #expect(found.first?.contains(problem) == true, "\(found)")
    }

    @Test(arguments: ["rate: 1/s", "rate: 30/m", "rate: 3600/h", "shared_rate: true", "cache: {answers: 1h}"])
    func lessThanNominatimAllowsIsFine(line: String) {
        let found = problems("geocoders:\n  - name: a\n    kind: nominatim\n    contact: o@r.example\n    \(line)\n")
        #expect(found == [])
    }

    @Test func allProblemsAreToldAtOnce() {
        #expect(
            problems(
                """
                patience: 2d
                tries: 3
                geocoders:
                  - {name: a, kind: osm}
                  - {kind: census}
                  - {name: A b, kind: census}
                  - {name: gazetteer, kind: census}
                  - {name: c, kind: nominatim}
                  - {name: d, kind: pelias}
                  - {name: e, kind: google}
                  - {name: f, kind: google, key: s3cret, key_env: F}
                  - {name: g, kind: google, key_env: NOT_SET}
                  - {name: h, kind: google, key_file: not-there}
                  - {name: i, kind: google, key_file: empty}
                  - {name: j, kind: google, key_file: blank}
                  - {name: k, kind: google, key: s3cret, cache: {answers: 31d}}
                  - {name: l, kind: addresses}
                  - text
                  - {name: m}
                  - {name: n, kind: census}
                  - {name: n, kind: census}
                """
            ) == [
                "tries (line 2): is not known here; known are patience, geocoders",
                "patience (line 1): must be a time such as 500ms, 15s, 12h or 7d, from 0s to 1d",
                "geocoders[0].kind (line 4): is none of census, nominatim, pelias, google, addresses",
                "geocoders[1].name (line 5): is missing",
                "geocoders[2].name (line 6): must be 1 to 40 of the characters a-z 0-9 -",
                "geocoders[3].name (line 7): is the name of what is built in",
                "geocoders[4].contact (line 8): is missing: Nominatim asks for a mailbox or a web address",
                "geocoders[5].url (line 9): is missing",
                "geocoders[6] (line 10): has no key: one of key, key_file and key_env must be given",
                "geocoders[7] (line 11): has key and key_env: only one of them may be given",
                "geocoders[8].key_env (line 12): the environment variable is not set",
                "geocoders[9].key_file (line 13): the file cannot be read",
                "geocoders[10].key_file (line 14): gives no key: printable ASCII without blanks",
                "geocoders[11].key_file (line 15): gives no key: printable ASCII without blanks",
                "geocoders[12].cache.answers (line 16): must be a time such as 500ms, 15s, 12h or 7d, from 0s to 30d, "
                    + "as Google's terms have it",
                "geocoders[13].file (line 17): is missing",
                "geocoders[14] (line 18): must be a mapping of names to values",
                "geocoders[15].kind (line 19): is missing",
                "geocoders[17].name (line 21): is given twice",
            ])
    }

    @Test(
        arguments: [
            ("- a", "the file (line 1): must be a mapping of names to values"),
            ("geocoders: {a: b}", "geocoders (line 1): must be a list"),
            ("geocoders: text", "geocoders (line 1): must be a list"),
            ("geocoders: [", "line "), ("geocoders: []\ngeocoders: []", "given twice"),
            ("geocoders: [{name: a, kind: google, key: s3cret, url: [}", "line 1"),
        ])
    func aFileOfTheWrongShapeIsRefused(yaml: String, problem: String) {
        #expect(problems(yaml).contains { $0.contains(problem) }, "\(problems(yaml))")
        #expect(!problems(yaml).joined().contains("s3cret"))
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        #expect(throws: FileProblems(["is not UTF-8"])) { try GeocoderFile.parse([0xFF, 0xFE], secrets: .ofProcess) }
    }

    /// The example as it is, and with its comments taken away.
    @Test func theExampleIsWhatItSays() throws {
        let path = Repository.path("deploy/config/geocoders.yaml")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(try parse(text) == GeocoderFile())
        let lines = text.split(separator: "\n").map(String.init)
        let start = try #require(lines.firstIndex(of: "geocoders: []"))
        let examples = lines[(start + 1)...].map { String($0.dropFirst()) }.filter { !$0.hasPrefix("  #") }
        let file = try parse(
            "geocoders:\n" + examples.joined(separator: "\n"), files: ["/run/secrets/google-geocoding": "abc"],
            environment: ["GEOCODE_EARTH_KEY": "abc"])
        #expect(file.entries.map(\.kind) == [.addresses, .census, .nominatim, .pelias, .google])
    }

    @Test func theServiceReadsItWhenItIsToldWhere() throws {
        func configuration(_ environment: [String: String]) -> (GeocodeConfiguration, [Settings.Problem]) {
            var settings = Settings(
                ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment)))
            let configuration = GeocodeConfiguration(&settings)
            return (configuration, settings.problems)
        }
        let (without, none) = configuration([:])
        #expect(without.geocoders?.value == GeocoderFile() && none.isEmpty)
        let (absent, problems) = configuration(["INTAKE_GEOCODERS_FILE": "/not/there.yaml"])
        #expect(absent.geocoders == nil)
        #expect(problems.map(\.key) == ["geocoders.file"])
        let example = Repository.path("deploy/config/geocoders.yaml")
        let (there, good) = configuration(["INTAKE_GEOCODERS_FILE": example])
        #expect(there.geocoders?.value == GeocoderFile() && good.isEmpty)
    }

    @Test func aTableThatIsMissingOrNoneIsToldByTheCheck() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let table = folder.appending(path: "county.csv")
        let file = folder.appending(path: "geocoders.yaml")
        try Data("geocoders: [{name: county, kind: addresses, file: \(table.path)}]\n".utf8).write(to: file)
        func problems() -> [Settings.Problem] {
            var settings = Settings(
                ConfigReader(
                    provider: EnvironmentVariablesProvider(environmentVariables: ["INTAKE_GEOCODERS_FILE": file.path])))
            _ = GeocodeConfiguration(&settings)
            return settings.problems
        }
        #expect(problems().map(\.key) == ["geocoders.file"])
        #expect(
            problems().first?.description.contains("county: address table \(table.path): there is no such file") == true
        )
        try Data("lon,lat,number,street\n".utf8).write(to: table)
        #expect(problems().first?.description.contains("the file is no address table") == true)
        try FileManager.default.removeItem(at: table)
        _ = try AddressTableWriter(path: table.path).write { _ in }
        #expect(problems().isEmpty)
        try FileManager.default.removeItem(at: folder)
    }
}
