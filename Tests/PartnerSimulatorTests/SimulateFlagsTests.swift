import ArgumentParser
import Foundation
import Terminal
import Testing

@testable import PartnerSimulator

@Suite struct SimulateFlagsTests {
    @Test func nothingIsNeeded() throws {
        let command = try #require(try Simulate.parseAsRoot([]) as? Simulate)
        // The environment of the tests names no port.
        #expect(command.url == nil && ServiceURL.frontDoor == "http://127.0.0.1:8080")
        #expect(command.callbackPort == 8090)
        #expect(command.concurrency == 64)
        #expect(command.timeout.duration == .seconds(60))
    }

    @Test func everythingCanBeSaid() throws {
        let command = try #require(
            try Simulate.parseAsRoot([
                "--requests", "r.jsonl", "--expect", "e.csv", "--rate", "12.5", "--concurrency", "8",
                "--url",
                "https://intake.example/base", "--token", "t", "--provider-id-prefix", "p-", "--callback-host", "::1",
                "--callback-port", "9000", "--callback-authorization", "c", "--timeout", "5m", "--json", "--report",
                "out.json",
            ]) as? Simulate)
        #expect(command.rate == 12.5)
        #expect(command.timeout.duration == .seconds(300))
        #expect(command.report == "out.json")
    }

    @Test(
        arguments: [
            ["--count", "0"], ["--count", "10000001"], ["--count", "many"], ["--requests", "r", "--count", "1"],
            ["--requests", "r", "--seed", "1"], ["--expect", "e.csv"], ["--rate", "0"], ["--rate", "-1"],
            ["--rate", "nan"], ["--rate", "inf"], ["--concurrency", "0"], ["--concurrency", "5000"],
            ["--callback-port", "0"], ["--callback-port", "65536"], ["--timeout", "0s"], ["--timeout", "60"],
            ["--timeout", "-5s"], ["--timeout", "25h"], ["--url", "127.0.0.1:8080"], ["--url", "ftp://127.0.0.1"],
            ["--url", "http://"], ["--url", "http://h/?q=1"], ["--url", "http://u@h"], ["--provider-id-prefix", "a b"],
            ["--provider-id-prefix", "ä"], ["--seed", "-1"], ["--misbehave"], ["--misbehave", ""],
            ["--misbehave", "rude"], ["--misbehave", "slow=101%"], ["--misbehave-times", "2"], ["--slow-for", "2s"],
            ["--misbehave", "slow", "--misbehave-times", "0"], ["--misbehave", "slow", "--misbehave-times", "101"],
            ["--misbehave", "reset", "--slow-for", "2s"], ["--misbehave", "slow", "--slow-for", "2"], ["--what"],
            ["positional"],
        ])
    func aWrongFlagIsAUsageError(flags: [String]) {
        let error = #expect(throws: (any Error).self) { try Simulate.parseAsRoot(flags) }
        #expect(error.map { Simulate.exitCode(for: $0).rawValue } == 64)
    }

    @Test func aPartnerMayBeToldToMisbehave() throws {
        let command = try #require(
            try Simulate.parseAsRoot([
                "--requests", "r.jsonl", "--seed", "7", "--misbehave", "slow=2.5%,flap", "--slow-for", "2s",
                "--misbehave-times", "3",
            ]) as? Simulate)
        #expect(command.misbehave == (try MisbehaviourShares("flap,slow=2.5%")))
        #expect(command.slowFor?.duration == .seconds(2) && command.misbehaveTimes == 3)
    }

    @Test func whatIsWrongWithAShareIsSaid() {
        let error = #expect(throws: (any Error).self) {
            try Simulate.parseAsRoot(["--misbehave", "slow,rude"])
        }
        let message = error.map { Simulate.message(for: $0) } ?? ""
        #expect(message.contains("'rude' is no way to misbehave; there are lost-response, error-in-200"), "\(message)")
    }

    @Test func aFaultInTheInputIsOneLineAndExits1() async throws {
        let command = try #require(
            try Simulate.parseAsRoot(["--requests", "/not/there.jsonl"]) as? Simulate)
        let error = await #expect(throws: CommandError.self) { try await command.run() }
        #expect(error.map { Simulate.exitCode(for: $0).rawValue } == 1)
        #expect(error.map { Simulate.message(for: $0) } == "/not/there.jsonl cannot be read")
    }

    @Test(
        arguments: [
            ("250ms", Duration.milliseconds(250)), ("30s", .seconds(30)), ("5m", .seconds(300)),
            ("24h", .seconds(86400)),
        ])
    func aTimeSpanIsReadAndShown(text: String, duration: Duration) throws {
        let span = try #require(TimeSpan(argument: text))
        #expect(span.duration == duration)
        #expect(TimeSpan(argument: span.description)?.duration == duration)
    }
}
