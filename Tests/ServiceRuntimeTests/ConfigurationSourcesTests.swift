import Foundation
import Testing

@testable import ServiceRuntime

/// The environment and the file together: what wins, and what nobody asks for.
@Suite struct ConfigurationSourcesTests {
    private func sources(
        _ environment: [String: String] = [:], file: String? = nil
    ) throws(FileProblems) -> ConfigurationSources {
        var environment = environment
        if file != nil { environment["INTAKE_CONFIG_FILE_PATH"] = "intake.yaml" }
        return try ConfigurationSources(environment: environment) { path in
            path == "intake.yaml" ? file.map { [UInt8]($0.utf8) } : nil
        }
    }

    private func port(_ sources: ConfigurationSources) -> Int {
        var settings = Settings(sources.reader)
        return settings.int("http.port", default: 1, in: 0...65535)
    }

    private func unknown(_ sources: ConfigurationSources, named: Set<String> = []) -> ConfigurationSources.Unknown {
        var settings = Settings(sources.reader)
        _ = settings.string("http.port", default: "")
        _ = settings.string("jobs.waiters.per-caller", default: "")
        return sources.unknown(asked: settings.keys, named: named)
    }

    @Test(arguments: [
        "http: {port: 7}", "http:\n  port: 7", "http.port: 7", "intake:\n  http:\n    port: 7",
        "intake: {http.port: '7'}",
        "\u{FEFF}http: {port: 7}", "http: {port: 7, host: ~}", "# a comment\nhttp:\n  port: \"7\"\n...\n",
    ])
    func theFileHasTheKeysAsTheyAreWritten(_ text: String) throws { #expect(port(try sources(file: text)) == 7) }

    @Test(arguments: ["", "# nothing", "http: {}", "http: {port: }", "http: {port: ''}"])
    func withoutAValueAKeyStandsAtItsDefault(_ text: String) throws { #expect(port(try sources(file: text)) == 1) }

    @Test func theEnvironmentWins() throws {
        #expect(port(try sources(["INTAKE_HTTP_PORT": "8"], file: "http: {port: 7}")) == 8)
    }

    @Test(arguments: [
        "- a", "http: [1, 2]", "http: [1", "http: {port: 1}\nhttp.port: 2", "http:\n  port: 1\n  port: 2", "text",
        "? [a]\n: b", "intake: {http.port: 1}\nhttp.port: 2",
    ])
    func whatIsNoFileOfKeysIsRefused(_ text: String) {
        #expect { _ = try sources(file: text) } throws: { error in
            let problems = (error as? FileProblems)?.problems ?? []
            return !problems.isEmpty
                && problems.allSatisfy { $0.hasPrefix("INTAKE_CONFIG_FILE_PATH (config.file-path): intake.yaml: ") }
        }
    }

    @Test func bytesThatAreNoTextAndNoFile() {
        #expect(throws: FileProblems.self) {
            try ConfigurationSources(environment: ["INTAKE_CONFIG_FILE_PATH": "x"]) { _ in [0xFF, 0xFE] }
        }
        #expect(throws: FileProblems.self) {
            try ConfigurationSources(environment: ["INTAKE_CONFIG_FILE_PATH": "x"]) { _ in nil }
        }
    }

    @Test func aKeyThatNoServiceHasIsAMistakeWithItsPlaceAndAGuess() throws {
        let unknown = unknown(
            try sources(file: "http:\n  prot: 1\n  port: 2\ncoverage: {port: 3}\njobs: {waiter: 1}\nelse: where"))
        #expect(
            unknown.problems == [
                "intake.yaml, line 6: else is no key", "intake.yaml, line 2: http.prot is no key; is it http.port?",
                "intake.yaml, line 5: jobs.waiter is no key; is it jobs.waiters?",
            ])
    }

    @Test func aVariableOneSlipAwayIsAMistakeAndAStrangerIsNot() throws {
        let unknown = unknown(
            try sources([
                "INTAKE_HTP_PORT": "1", "INTAKE_HTTP_PROT": "1", "INTAKE_BIN": "/x", "INTAKE_PORTAL_SECRET": "s",
                "OTHER_HTTP_PORT": "1", "INTAKE_HTTP_PORT": "1", "INTAKE_CALLBACK_CONCURRENCY": "2",
            ]), named: ["INTAKE_PORTAL_SECRET"])
        #expect(
            unknown.problems == [
                "INTAKE_HTP_PORT: is no variable of Intake; is it INTAKE_HTTP_PORT?",
                "INTAKE_HTTP_PROT: is no variable of Intake; is it INTAKE_HTTP_PORT?",
            ])
        #expect(unknown.strangers == ["INTAKE_BIN"])
    }

    /// With a Service named `intake-http`, a container has all of these.
    @Test func whatKubernetesSetsIsNone() throws {
        let unknown = unknown(
            try sources([
                "INTAKE_HTTP_SERVICE_HOST": "10.0.0.1", "INTAKE_HTTP_SERVICE_PORT": "80",
                "INTAKE_HTTP_SERVICE_PORT_API": "80", "INTAKE_INGEST_PORT": "tcp://10.0.0.1:80",
                "INTAKE_HTTP_PORT_80_TCP": "tcp://10.0.0.1:80", "INTAKE_HTTP_PORT_80_TCP_PROTO": "tcp",
                "INTAKE_HTTP_PORT_80_TCP_ADDR": "10.0.0.1",
            ]))
        #expect(unknown == .init())
    }

    @Test(arguments: [
        (Duration.milliseconds(250), "250ms"), (.seconds(90), "90s"), (.seconds(120), "2m"), (.seconds(7200), "2h"),
        (.milliseconds(1500), "1500ms"),
    ])
    func durationsAreWrittenAsTheyAreRead(_ duration: Duration, _ text: String) {
        #expect(duration.configured == text)
        #expect(Duration(configured: text) == duration)
    }
}
