import ServiceRuntime
import Testing

@testable import IngestService

@Suite struct StaffTokensTests {
    /// SHA-256 of `test` and of `other`.
    private static let test = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    private static let other = "d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa"

    @Test func staffAreFoundByTheirTokens() throws {
        let directory = try parse(
            """
            providers: {}
            organizations:
              relief:
                tokens:
                  - {sha256: \(Self.test), may: read}
                  - {sha256: \(Self.other), may: write}
            """)
        #expect(directory.caller(token: "test") == .staff(Staff(organization: "relief", may: .read)))
        #expect(directory.caller(token: "other") == .staff(Staff(organization: "relief", may: .write)))
        #expect(directory.caller(token: "nobody's") == nil && directory.provider(token: "test") == nil)
    }

    @Test func everythingThatIsWrongIsNamedWithItsLine() {
        let problems = problems(
            """
            providers:
              portal:
                organization: relief
                tokens: [{sha256: \(Self.test)}]
            organizations:
              relief:
                tokens:
                  - {sha256: \(Self.test), may: read}
                  - {sha256: \(Self.other), may: delete}
                  - {sha256: 12, may: read, by: me}
                  - {sha256: \(Self.other), may: read}
                  - {sha256: \(Self.other), may: write}
                roles: []
              empty:
              bare: {}
            """)
        for expected in [
            "organizations.relief.tokens[0] (line 8): is also a token of providers.portal",
            "organizations.relief.tokens[1].may (line 9): is missing or neither read nor write",
            "organizations.relief.tokens[2].by (line 10): is not known here",
            "organizations.relief.tokens[2].sha256 (line 10): ",
            "organizations.relief.tokens[4] (line 12): is also a token of organizations.relief that may read",
            "organizations.relief.roles (line 13): is not known here",
            "organizations.empty (line 14): must be a mapping",
            "organizations.bare.tokens (line 15): is missing",
        ] {
            #expect(problems.contains { $0.contains(expected) }, "\(expected)")
        }
        #expect(problems.count == 8)
        let list = self.problems("providers: {}\norganizations: []")
        #expect(list.contains { $0.contains("organizations (line 2): must be a mapping") })
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
