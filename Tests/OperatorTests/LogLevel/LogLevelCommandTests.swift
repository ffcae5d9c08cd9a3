import AdminAPI
import ArgumentParser
import Contracts
import Foundation
import Terminal
import Testing

@testable import Operator

@Suite struct LogLevelCommandTests {
    private static let state =
        #"{"configured":"info","level":"debug","until":"2026-11-30T05:00:00.000Z","parts":[{"part":"Broker\u001b[2J","level":"trace"}]}"#

    private static func run(_ arguments: [String]) async throws {
        let command = try #require(try Intake.parseAsRoot(["log-level"] + arguments) as? LogLevelCommand)
        try await command.run()
    }

    @Test func itAsksTheServicesListener() async throws {
        let asked = try await FakeAdmin.run(answer: { _ in (200, Self.state) }) { url in
            let flags = ["--admin-url", url, "--admin-token", "t0ken"]
            try await Self.run(["decision"] + flags)
            try await Self.run(["decision", "debug", "--for", "10m", "--json"] + flags)
            try await Self.run(["geocode", "trace", "--part", "Broker", "--admin-url", "\(url), \(url)/"])
            try await Self.run(["callback", "--reset"] + flags)
        }
        let path = "/admin/log-level"
        #expect(
            asked.map(\.request) == [
                "GET \(path)", "PUT \(path)", "PUT \(path)", "PUT \(path)", "DELETE \(path)",
            ])
        #expect(asked[1].body == #"{"for":"10m","level":"debug"}"# && asked[1].authorization == "Bearer t0ken")
        #expect(asked[2].body == #"{"level":"trace","part":"Broker"}"# && asked[3] == asked[2])
    }

    @Test func whatCountsIsSaid() throws {
        let command = try #require(try Intake.parseAsRoot(["log-level", "decision"]) as? LogLevelCommand)
        let state = try WireJSON.value(LogLevelState.self, from: Self.state.utf8)
        #expect(
            command.text(state, at: "http://h:1") == """
                decision at http://h:1 logs from debug, until 2026-11-30T05:00:00.000Z (info is configured)
                  Broker\u{FFFD}[2J from trace

                """)
        #expect(try command.apis([:]).map(\.base) == ["http://127.0.0.1:8083"])
        #expect(try command.apis(["INTAKE_DECISION_ADMIN_URL": "http://d:1,http://e:2"]).count == 2)
        #expect(throws: CommandError.self) { try command.apis(["INTAKE_DECISION_ADMIN_URL": "d"]) }
    }

    @Test(arguments: [
        [], ["nobody"], ["ingest", "loud"], ["ingest", "--for", "10m"], ["ingest", "--part", "Broker"],
        ["ingest", "debug", "--reset"], ["ingest", "debug", "--for", "soon"], ["ingest", "debug", "--for", "25h"],
        ["ingest", "debug", "--for", "10ms"],
    ])
    func whatCannotBeIsRefused(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try Intake.parseAsRoot(["log-level"] + arguments) }
    }

    @Test func theServicesWordsArePassedOn() async throws {
        let problem = #"{"detail":"The body has members that cannot be."}"#
        _ = try await FakeAdmin.run(answer: { _ in (422, problem) }) { url in
            let error = await #expect(throws: CommandError.self) {
                try await Self.run(["ingest", "debug", "--admin-url", url])
            }
            #expect(error?.description == "the admin API answered 422: The body has members that cannot be.")
        }
        _ = try await FakeAdmin.run(answer: { _ in (404, "{}") }) { url in
            await #expect(throws: CommandError.self) { try await Self.run(["ingest", "--admin-url", url]) }
        }
    }
}
