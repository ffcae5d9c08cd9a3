import AdminAPI
import ArgumentParser
import Contracts
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Operator

@Suite struct ReviewCommandTests {
    private static let id = "019a8f10-7c3b-7d52-8e11-3b0c7f6a9d24"
    private static let other = "019a8f10-7c3b-7d52-8e11-3b0c7f6a9d25"

    private static func page(_ id: String, next: String = "") -> String {
        """
        {"open":2,"overdue":0,"reviews":[{"id":"\(id)","provider":"p","organization":"relief",
        "acceptedAt":"2026-09-21T14:13:20.000Z","review":{"requestedAt":"2026-09-21T14:13:21.000Z",
        "reason":"place_conflict","deadline":"2026-09-23T14:13:21.000Z","explanation":"x","proposal":true,
        "fallback":false,"coverageVersion":"v1"}}]\(next)}
        """
    }

    @Test func theListReadsEveryPage() async throws {
        let (first, last) = (Self.page(Self.id, next: #","next":"7.x""#), Self.page(Self.other))
        let count = Recorder<Int>()
        let asked = try await FakeAdmin.run(answer: { _ in
            count.add(1)
            return (200, count.all.count.isMultiple(of: 2) ? last : first)
        }) { url in
            for flags in [[], ["--json"], ["--organization", "relief"]] {
                try await Self.run(["list", "--admin-url", url] + flags)
            }
        }
        #expect(asked.map(\.request) == Array(repeating: "GET /admin/reviews", count: 6))
    }

    @Test func oneThatCannotBeDecidedKeepsNoOtherFromIt() async throws {
        let asked = try await FakeAdmin.run(answer: { line in
            line.hasSuffix(Self.id)
                ? (409, #"{"detail":"It was accepted by a person before."}"#)
                : (200, #"{"id":"\#(Self.other)","decided":true}"#)
        }) { url in
            let flags = ["--admin-url", url, "--admin-token", "t0ken"]
            let error = await #expect(throws: ExitCode.self) {
                try await Self.run(["decline", Self.id, Self.other, "--note", "too far"] + flags)
            }
            #expect(error?.rawValue == 1)
            try await Self.run(["accept", Self.other] + flags)
        }
        #expect(
            asked.map(\.request)
                == [Self.id, Self.other, Self.other].map { "POST /admin/reviews/\($0)" })
        #expect(asked.allSatisfy { $0.authorization == "Bearer t0ken" })
    }

    @Test(arguments: [
        (404, "{}", "no request has the id"), (401, "", "wants a token: give --admin-token"),
        (409, #"{"detail":"It was accepted\u001b by a person before."}"#, "accepted\u{FFFD} by a person"),
        (200, "[]", "does not understand"),
    ])
    func whatTheServiceSaysIsPassedOn(_ status: Int, _ body: String, _ problem: String) async throws {
        let asked = try await FakeAdmin.run(answer: { _ in (status, body) }) { url in
            let api = ServiceAdmin(base: url, token: nil)
            let id = try #require(RequestID(Self.id))
            let call = DecideReview.call(of: id, body: .init(decision: .accept, by: "ada@desk", note: nil))
            let error = await #expect(throws: CommandError.self) { _ = try await api.send(call, missing: id.missing) }
            #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
        }
        #expect(asked.map(\.body) == [#"{"by":"ada@desk","decision":"accept"}"#])
    }

    @Test(arguments: [
        ["accept"], ["decline"], ["decline", id, "--why", "x"], ["list", id],
        ["accept", id, "--note", String(repeating: "x", count: 501)],
    ])
    func aWrongArgumentIsAUsageError(_ arguments: [String]) {
        let error = #expect(throws: (any Error).self) { try Intake.parseAsRoot(["review"] + arguments) }
        #expect(error.map { Intake.exitCode(for: $0).rawValue } == 64)
    }

    @Test func theListSaysWhatIsDoubtfulAndUntilWhen() {
        #expect(ReviewText.list([], now: Date()) == "Nothing waits for a person.\n")
        let now = Date(timeIntervalSince1970: 1_790_000_000)
        let entries = [(-60.0, false), (7300, true)].map { deadline, fallback in
            ReviewPage.Entry(
                id: RequestID(UUID()), provider: "p", organization: "relief\u{1B}[2J", acceptedAt: now - 9,
                review: ReviewView(
                    ReviewQuestion(
                        reason: .locationTooCoarse, proposal: true, rule: nil, coverageVersion: "v1", precision: nil,
                        explanation: "It is 2 km inside,\ngive or take 9 km.", deadline: now + deadline,
                        fallback: fallback), requestedAt: now - 300))
        }
        let lines = ReviewText.list(entries, now: now).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 8 && lines[0].hasPrefix("REQUEST") && lines[7].isEmpty)
        #expect(lines[1].hasPrefix("\(entries[0].id)") && lines[1].contains("relief\u{FFFD}[2J"))
        #expect(lines[1].contains("accept    5m   OVERDUE for 60s, then decline (2026-09-21T"))
        #expect(lines[2] == "  It is 2 km inside," && lines[3] == "  give or take 9 km.")
        #expect(lines[4].contains("in 2h, then accept (2026-09-21T"))
    }

    private static func run(_ arguments: [String]) async throws {
        var command = try #require(try Intake.parseAsRoot(["review"] + arguments) as? any AsyncParsableCommand)
        try await command.run()
    }
}
