import ServiceRuntime
import Testing

@testable import IngestService

@Suite struct ProviderDirectoryTests {
    /// SHA-256 of `test` and of `other`.
    private static let test = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    private static let other = "d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa"

    @Test func tokensAreFoundByTheirHash() throws {
        let directory = try parse(
            """
            providers:
              portal:
                organization: relief-org
                tokens:
                  - sha256: \(Self.test)
                  - sha256: \(Self.other.uppercased())
              locked-out:
                organization: relief-org
                tokens: []
            """)
        let portal = Provider(id: "portal", organization: "relief-org")
        #expect(directory.provider(token: "test") == portal)
        #expect(directory.provider(token: "other") == portal)
        #expect(directory.provider(token: "nobody's") == nil)
        #expect(directory.provider(token: Self.test) == nil)
    }

    @Test func limitsAreReadWhereTheyAreGiven() throws {
        let directory = try parse(
            """
            providers:
              busy: {organization: a, tokens: [], rate: 600/m, burst: 100, in_flight: 64}
              free: {organization: b, tokens: []}
            """)
        let busy = directory.limits(of: Provider(id: "busy", organization: "a"))
        #expect(busy == ProviderLimits(rate: .init(count: 600, per: .seconds(60)), burst: 100, inFlight: 64))
        #expect(busy.rate?.interval == .milliseconds(100))
        #expect(directory.limits(of: Provider(id: "free", organization: "b")) == .none)
    }

    @Test(arguments: [
        "rate: 50", "rate: 0/s", "rate: -1/s", "rate: 50/d", "rate: fast", "rate: [1]", "burst: 5", "in_flight: 0",
        "in_flight: many", "in_flight: 1.5", "rate: 5/s, burst: 0",
    ])
    func aLimitThatCannotBeIsNamed(_ limit: String) {
        let problems = problems("providers:\n  one: {organization: a, tokens: [], \(limit)}")
        #expect(problems.count == 1 && problems[0].hasPrefix("providers.one.") && problems[0].contains("(line 2): "))
    }

    @Test func everythingThatIsWrongIsNamedWithItsLine() {
        let problems = problems(
            """
            providers:
              portal:
                organisation: relief-org
                tokens:
                  - sha256: 1234
                  - \(Self.test)
              other one:
                organization: x
                tokens: []
              empty:
            version: 2
            """)
        #expect(problems.count == 7)
        for expected in [
            "providers.portal.organisation (line 3): is not known here",
            "providers.portal.organization (line 3): is missing", "providers.portal.tokens[0].sha256 (line 5): ",
            "providers.portal.tokens[1] (line 6): must be a mapping", "providers.other one (line 8): is no name",
            "providers.empty (line 10): must be a mapping", "version (line 11): is not known here",
        ] {
            #expect(problems.contains { $0.contains(expected) }, "\(expected)")
        }
    }

    /// A null is no organisation of four letters, but for the one that is called so.
    @Test(arguments: [("null", 1), ("~", 1), ("NULL", 1), ("'null'", 0)])
    func aNullIsNoOrganization(text: String, count: Int) {
        let problems = problems("providers:\n  one: {organization: \(text), tokens: []}")
        #expect(problems.count == count)
        #expect(problems.allSatisfy { $0.contains("providers.one.organization (line 2): is missing") })
    }

    @Test func aTokenOfTwoProvidersIsRefused() {
        let problems = problems(
            """
            providers:
              one: {organization: a, tokens: [{sha256: \(Self.test)}]}
              two: {organization: b, tokens: [{sha256: \(Self.test.uppercased())}]}
            """)
        #expect(problems == ["providers.two.tokens[0] (line 3): is also a token of providers.one"])
    }

    @Test(arguments: ["", "providers", "providers: [", "providers:\n\ta: b", "- providers", "providers: 7", "{}"])
    func whatIsNoDirectoryIsRefused(_ text: String) { #expect(problems(text).count == 1) }

    @Test func aNameGivenTwiceIsRefused() {
        let one = "  a: {organization: x, tokens: []}\n"
        #expect(problems("providers:\n" + one + one).count == 1)
    }

    @Test func whatIsNotTextIsRefused() {
        #expect(throws: FileProblems.self) { try ProviderDirectory.parse([0xFF, 0xFE, 0x00]) }
    }

    private func parse(_ text: String) throws(FileProblems) -> ProviderDirectory {
        try ProviderDirectory.parse(Array(text.utf8))
    }

    private func problems(_ text: String) -> [String] {
        do throws(FileProblems) {
            _ = try parse(text)
            return []
        } catch {
            return error.problems
        }
    }
}
