import ArgumentParser
import Contracts
import DeadLetters
import Foundation
import Terminal
import Testing

@testable import Operator

@Suite struct DeadFlagsTests {
    private static let id = "019a8f10-7c3b-7d52-8e11-3b0c7f6a9d24"

    @Test func everythingCanBeSaid() throws {
        let list = try #require(
            try Intake.parseAsRoot([
                "dead", "list", "--stage", "callback", "--reason", "permanent", "--older-than", "2h", "--json",
            ]) as? DeadList)
        #expect(list.stage == .callback && list.olderThan?.duration == .seconds(7200))
        let replay = try #require(
            try Intake.parseAsRoot([
                "dead", "replay", Self.id, "--rate", "2.5", "--limit", "7", "--canary", "--canary-wait", "10s",
                "--admin-url", "http://h:1", "--admin-token", "t", "--broker-url", "amqp://h", "--topology-prefix", "p",
            ]) as? DeadReplay)
        #expect(replay.selection.ids == [Self.id] && replay.canary && replay.limit == 7)
        #expect(try replay.broker.target().topology.prefix == "p")
        let show = try #require(try Intake.parseAsRoot(["dead", "show", Self.id, "--raw"]) as? DeadShow)
        #expect(show.raw)
        let discard = try #require(
            try Intake.parseAsRoot(["dead", "discard", Self.id, "--why", "asked twice"]) as? DeadDiscard)
        #expect(discard.why == "asked twice")
        let all = try #require(
            try Intake.parseAsRoot([
                "dead", "discard", "--provider", "portal", "--stage", "callback", "--why", "gone", "--yes",
            ]) as? DeadDiscard)
        #expect(all.selection.ids.isEmpty && all.selection.provider?.name == "portal" && all.yes)
        let audit = try #require(
            try Intake.parseAsRoot(["audit", "--stuck-after", "3d", "--repair"]) as? Audit)
        #expect(audit.stuckAfter.duration == .seconds(259_200) && audit.repair)
    }

    @Test(arguments: [
        ["dead", "replay"], ["dead", "replay", "--provider", ""], ["dead", "replay", "--stage", "other"],
        ["dead", "replay", "--reason", "permanent"], ["dead", "replay", "--stage", "callback", "--limit", "0"],
        ["dead", "replay", "--stage", "callback", "--rate", "0"], ["dead", "discard", "--why", "x"],
        ["dead", "discard", id], ["dead", "discard", id, "--why", "  "], ["dead", "show"], ["dead", "show", "1", "2"],
        ["dead", "list", "--older-than", "soon"], ["dead", "list", "--older-than", "0s"],
        ["audit", "--stuck-after", "1"],
    ])
    func aWrongFlagIsAUsageError(_ arguments: [String]) {
        let error = #expect(throws: (any Error).self) { try Intake.parseAsRoot(arguments) }
        #expect(error.map { Intake.exitCode(for: $0).rawValue } == 64)
    }

    @Test func theEnvironmentNamesTheAdminListener() throws {
        let command = try #require(try Intake.parseAsRoot(["dead", "show", Self.id]) as? DeadShow)
        #expect(try command.admin.api([:]).base == "http://127.0.0.1:8081")
        #expect(try command.admin.api(["INTAKE_INGEST_ADMIN_URL": "https://ops/x/"]).base == "https://ops/x")
        #expect(throws: CommandError.self) { try command.admin.api(["INTAKE_INGEST_ADMIN_URL": "ops:1"]) }
    }

    @Test(arguments: [["--broker-url", "http://h"], ["--broker-url", ""], ["--broker-url", "amqp://h:99999"]])
    func aBrokerURLThatIsNoneIsNamed(_ flags: [String]) throws {
        let command = try #require(
            try Intake.parseAsRoot(["dead", "replay", "--stage", "callback"] + flags) as? DeadReplay)
        if flags[1].isEmpty {
            // As in the services: empty is absent.
            #expect(throws: Never.self) { try command.broker.target() }
        } else {
            let error = #expect(throws: CommandError.self) { try command.broker.target() }
            #expect(error?.description.contains("INTAKE_BROKER_URL") == true)
        }
    }
}
