import ArgumentParser
import Foundation
import Terminal
import Testing

@testable import Operator

@Suite struct CheckConfigTests {
    private static let providers = """
        providers:
          portal: {organization: relief, tokens: [{sha256: "00"}]}
          other:
            organization: rescue
        """
    private static let coverage = "organizations: {relief: {}, rescue: {}}"
    private static let callbacks = "providers: {portal: {url: u}, other: {url: v}}"

    private func problems(
        _ providers: String = providers, _ coverage: String = coverage, _ callbacks: String = callbacks
    ) throws -> [String] {
        try ConfigurationCheck(
            providers: FileNames(text: providers, file: "p"), coverage: FileNames(text: coverage, file: "c"),
            callbacks: FileNames(text: callbacks, file: "b")
        ).problems()
    }

    @Test func filesThatGoTogetherHaveNoProblems() throws {
        #expect(try problems().isEmpty)
        #expect(try problems(Self.providers + "\norganizations:\n  relief: {tokens: []}\n").isEmpty)
    }

    @Test func everyNameThatIsMissingIsNamedWithItsLine() throws {
        #expect(
            try problems("\(Self.providers)\n  third: {}\norganizations: {nobody: {}}", "organizations: {relief: }")
                == [
                    "p, line 3: provider other works for rescue, which is not in c",
                    "p, line 5: provider third is not in b: nobody could tell it",
                    "p, line 5: provider third names no organization",
                    "p, line 6: organization nobody is not in c",
                ])
        #expect(
            try problems(Self.providers, Self.coverage, Self.callbacks.replacing("other", with: "stranger")) == [
                "p, line 3: provider other is not in b: nobody could tell it",
                "b, line 1: provider stranger is not in p: it can send nothing",
            ])
    }

    /// CallbackService knows no organisations: whoever is to hear of one that is misspelt would never hear anything.
    @Test func whoIsToldOfAnOrganizationMustNameOneThatThereIs() throws {
        func notify(_ organizations: String) -> String {
            Self.callbacks + "\nnotify:\n  pager: {url: w, organizations: \(organizations)}\n  chat: {url: x}\n"
        }
        #expect(try problems(Self.providers, Self.coverage, notify("[relief, rescue]")).isEmpty)
        #expect(
            try problems(Self.providers, Self.coverage, notify("[releif]")) == [
                "b, line 3: pager of notify is to hear of releif, for which no provider of p works"
            ])
    }

    @Test func aRulesOrganizationMustBeCovered() throws {
        let text = """
            addresses: {desk: "https://a"}
            identity_providers:
              chapter:
                rules:
                  - {claim: groups, has: a, organization: relief, may: read}
                  - {claim: groups, has: b, organization: nobody, may: read}
                  - {claim: groups, has: c, may: operate}
            """
        let check = try ConfigurationCheck(
            providers: FileNames(text: Self.providers, file: "p"), coverage: FileNames(text: Self.coverage, file: "c"),
            callbacks: FileNames(text: Self.callbacks, file: "b"), signIn: FileNames(text: text, file: "s"))
        #expect(
            try check.problems() == ["s, line 6: organization nobody is not in c: its people would find nothing"])
    }

    @Test(arguments: [
        ("", "p: providers is missing"), ("- a", "p: providers is missing"),
        ("providers: [a]", "p: providers must be a mapping of names to values"),
        ("providers:\n  a: \"s3cret", "p, line 2: is not YAML"), ("providers: {a: {}, a: {}}", "p: is not YAML"),
    ])
    func aFileThatIsNoneIsNamedWithoutItsContent(_ text: String, _ problem: String) {
        let error = #expect(throws: CommandError.self) { try problems(text) }
        #expect(error?.description == problem)
    }

    @Test func theShippedFilesGoTogetherAndTheEnvironmentNamesThem() throws {
        let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "deploy/config").path
        let command = try #require(
            try Intake.parseAsRoot([
                "check-config", "--providers", "\(directory)/providers.yaml", "--coverage",
                "\(directory)/coverage.yaml", "--names-only",
            ]) as? CheckConfig)
        #expect(try command.check(["INTAKE_CALLBACKS_FILE": "\(directory)/callbacks.yaml"]).isEmpty)
        let error = #expect(throws: CommandError.self) {
            try command.check(["INTAKE_CALLBACKS_FILE": "/not/there.yaml", "INTAKE_PROVIDERS_FILE": ""])
        }
        #expect(error?.description == "/not/there.yaml cannot be read")
    }
}
