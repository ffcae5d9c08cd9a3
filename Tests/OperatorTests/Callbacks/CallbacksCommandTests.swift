import AdminAPI
import ArgumentParser
import Foundation
import Terminal
import Testing

@testable import Operator

@Suite struct CallbacksCommandTests {
    private static let id = "019a8f10-7c3b-7d52-8e11-3b0c7f6a9d24"

    /// As CallbackService has it.
    private static func entry(_ more: String = "") -> String {
        #"""
        {"provider":"portal","origin":"https://p","timeoutMs":10000,"allow":[],"signingSecrets":0,"signingSecretIds":[],
        "endingSecrets":[],"authorization":false,"headers":[],"detail":"minimal","receipt":"status 2xx"\#(more)}
        """#
    }

    private static func exchange(_ receipt: String) -> String {
        """
        {"provider":"portal","request":{"method":"POST","url":"https://p/1","headers":[],"body":"{}"},"addresses":[],
        "receipt":\(receipt),"durationMs":3}
        """
    }

    @Test func aTestEndsWellOnlyWithAReceipt() async throws {
        let asked = try await FakeAdmin.run(answer: { line in
            line.contains("yes")
                ? (200, Self.exchange(#"{"isReceipt":true,"outcome":"delivered"}"#))
                : (200, Self.exchange(#"{"isReceipt":false,"code":"no-receipt","outcome":"retry"}"#))
        }) { url in
            let flags = ["--admin-url", url, "--admin-token", "t0ken"]
            try await Self.run(["test", "yes"] + flags)
            try await Self.run(["test", "yes", "--json"] + flags)
            let error = await #expect(throws: ExitCode.self) { try await Self.run(["test", "no"] + flags) }
            #expect(error?.rawValue == 1)
        }
        #expect(asked.map(\.request).last == "POST /admin/providers/no/test")
        #expect(asked.allSatisfy { $0.authorization == "Bearer t0ken" })
    }

    @Test func pauseAndResumeAskCallbackService() async throws {
        let asked = try await FakeAdmin.run(answer: { line in
            line.hasSuffix("pause")
                ? (200, Self.entry(#","paused":{"since":"2026-11-29T10:00:00.000Z","by":"olu","why":"x\u001b"}"#))
                : (200, Self.entry())
        }) { url in
            try await Self.run(["pause", "portal", "--why", "they move", "--admin-url", url])
            try await Self.run(["resume", "portal", "--admin-url", url])
            await #expect(throws: (any Error).self) { try await Self.run(["pause", "portal", "--admin-url", url]) }
            // Several processes: each is told.
            try await Self.run(["resume", "portal", "--admin-url", "\(url), \(url)/"])
            await #expect(throws: CommandError.self) {
                try await Self.run(["resume", "portal", "--admin-url", "\(url),"])
            }
        }
        #expect(
            asked.map(\.request)
                == ["POST /admin/providers/portal/pause"]
                + Array(repeating: "POST /admin/providers/portal/resume", count: 3))
        #expect(asked[0].body.contains(#""why":"they move""#) && asked[0].body.contains(#""by":"#))
    }

    @Test func aSecretIsMadeByOneProcessAndToldToTheOthers() async throws {
        let answer = #"""
            {"provider":"portal","secret":"whsec_new","signingSecretIds":["11111111","22222222"],
             "endingSecrets":[{"id":"22222222","until":"2026-11-30T10:00:00.000Z"}]}
            """#
        let asked = try await FakeAdmin.run(answer: { _ in (200, answer) }) { url in
            try await Self.run(["rotate-secret", "portal", "--admin-url", "\(url),\(url)"])
            try await Self.run(["rotate-secret", "portal", "--overlap", "0", "--json", "--admin-url", url])
            let made = try await Self.api(url).send(
                RotateSecret.call(of: "portal", body: .init(by: "olu", overlap: .seconds(60))))
            #expect(
                made.text == """
                    callbacks to portal are signed with 11111111: whsec_new
                    22222222 signs too until 2026-11-30T10:00:00.000Z
                    """)
        }
        #expect(asked.map(\.request) == Array(repeating: "POST /admin/providers/portal/secret", count: 4))
        #expect(asked[0].body.contains(#""overlapSeconds":86400"#) && !asked[0].body.contains("whsec_"))
        #expect(asked[1].body.contains(#""secret":"whsec_new""#))
        #expect(asked[2].body.contains(#""overlapSeconds":0"#))
        for overlap in ["8d", "x", "-1", ""] {
            await #expect(throws: (any Error).self, "\(overlap)") {
                try await Self.run([
                    "rotate-secret", "portal", "--overlap", overlap, "--admin-url", "http://127.0.0.1:1",
                ])
            }
        }
    }

    @Test func attemptsAndResendAskIngestService() async throws {
        let attempts = #"{"request":"\#(Self.id)","provider":"portal","attempts":[]}"#
        let asked = try await FakeAdmin.run(answer: { line in
            line.hasPrefix("GET") ? (200, attempts) : (202, #"{"eventId":"\#(Self.id)"}"#)
        }) { url in
            for arguments in [["attempts", Self.id], ["attempts", Self.id, "--json"], ["resend", Self.id]] {
                try await Self.run(arguments + ["--admin-url", url + "/"])
            }
        }
        let path = "/admin/requests/\(Self.id)"
        #expect(
            asked.prefix(3).map(\.request) == ["GET \(path)/attempts", "GET \(path)/attempts", "POST \(path)/resend"])
    }

    @Test(arguments: [
        (404, "{}", "no request has the id"), (401, "", "wants a token: give --admin-token"),
        (409, #"{"detail":"It is not decided yet."}"#, "answered 409: It is not decided yet."),
        (409, #"{"detail":"a\u001b[2J"}"#, "answered 409: a\u{FFFD}[2J"),
        (500, "oops", "answered 500: no details given"),
        (202, "[]", "does not understand"),
    ])
    func whatTheServiceSaysIsPassedOn(_ status: Int, _ body: String, _ problem: String) async throws {
        _ = try await FakeAdmin.run(answer: { _ in (status, body) }) { url in
            let error = await #expect(throws: CommandError.self) {
                try await Self.run(["resend", Self.id, "--admin-url", url])
            }
            #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
        }
    }

    @Test func aServiceThatIsAwayOrAnotherIsNamed() async throws {
        _ = try await FakeAdmin.run(answer: { _ in (404, "") }) { url in
            let error = await #expect(throws: CommandError.self) {
                try await Self.run(["test", "portal", "--admin-url", url])
            }
            #expect(error?.description.contains("knows no provider portal: is it CallbackService's") == true)
        }
        for arguments in [["test", "portal"], ["attempts", Self.id], ["resend", Self.id]] {
            let error = await #expect(throws: CommandError.self) {
                try await Self.run(arguments + ["--admin-url", "http://127.0.0.1:1"])
            }
            #expect(error?.description.contains("at http://127.0.0.1:1 cannot be reached") == true)
        }
        let error = await #expect(throws: CommandError.self) {
            try await Self.run(["test", "portal", "--admin-url", "ops:1"])
        }
        #expect(error?.description.hasPrefix("--admin-url must look like") == true)
    }

    @Test(arguments: [
        [], ["test"], ["test", ""], ["test", "a b"], ["test", "pörtal"], ["attempts"],
        ["attempts", "1", "2"], ["resend"], ["resend", id, "--what"],
    ])
    func aWrongArgumentIsAUsageError(_ arguments: [String]) {
        let error = #expect(throws: (any Error).self) {
            let command = try Intake.parseAsRoot(["callbacks"] + arguments)
            // Without a subcommand it is a request for help.
            if arguments.isEmpty { throw ValidationError("\(command)") }
        }
        #expect(error.map { Intake.exitCode(for: $0).rawValue } == 64)
    }

    private static func api(_ url: String) -> ServiceAdmin { ServiceAdmin(base: url, token: nil) }

    private static func run(_ arguments: [String]) async throws {
        var command = try #require(try Intake.parseAsRoot(["callbacks"] + arguments) as? any AsyncParsableCommand)
        try await command.run()
    }
}
