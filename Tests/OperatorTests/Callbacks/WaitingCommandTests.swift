import AdminAPI
import ArgumentParser
import Contracts
import Foundation
import Terminal
import Testing

@testable import Operator

@Suite struct WaitingCommandTests {
    private static let now = Date(timeIntervalSince1970: 1_790_000_000)
    private static let time = "2026-09-21T14:13:20.000Z"
    private static let id = RequestID(UUID(uuid: (1, 2, 3, 4, 5, 6, 0x70, 8, 0x89, 10, 11, 12, 13, 14, 15, 16)))

    private static func callback(_ change: (inout WaitingCallback) -> Void = { _ in }) -> WaitingCallback {
        var one = WaitingCallback(
            request: id, provider: "portal", providerRequestId: "P-1", sequence: 1, what: "answer", since: now,
            waitsFor: .firstAttempt)
        change(&one)
        return one
    }

    @Test func whatWaitsIsCountedAndListed() {
        let error = StageError(code: "http-503", message: "The partner answered.")
        let answer = ListWaiting.Answer(
            providers: [
                WaitingPartner(provider: "other", paused: .init(since: Self.now, by: "olu\u{1B}", why: "they move")),
                WaitingPartner(
                    provider: "portal", count: 13, oldest: Self.now,
                    reasons: [
                        .init(code: "http-503", count: 10), .init(code: nil, count: 2),
                        .init(code: "timeout", count: 1),
                    ], endpoint: .init(degradedSince: Self.now, error: error)),
            ],
            waiting: [
                Self.callback {
                    ($0.attempt, $0.of, $0.error, $0.httpStatus) = (3, 10, error, 503)
                    ($0.waitsFor, $0.nextAttemptAt) = (.nextAttempt, Self.now + 120)
                },
                Self.callback {
                    ($0.attempt, $0.error, $0.httpStatus) = (1, .init(code: "no-receipt", message: ""), 200)
                    ($0.waitsFor, $0.nextAttemptAt) = (.nextAttempt, Self.now - 1)
                },
                Self.callback { ($0.what, $0.sequence) = ("assigned", 2) }, Self.callback { $0.waitsFor = .endpoint },
                Self.callback { $0.waitsFor = .resume },
            ], next: Self.id, unknown: "http://h does not answer")
        let (id, time) = ("\(Self.id)", Self.time)
        let summary = """
            none of other waits
              its callbacks are paused since \(time), by olu\u{FFFD}: they move: intake callbacks resume other
            13 of portal: 10 wait for their next attempt after HTTP status 503 (http-503), 2 wait for their first, \
            1 waits for its next attempt after timeout
              the first waits since \(time)
              its endpoint is left alone but for probes since \(time) (http-503: The partner answered.): \
            they go out when it answers
            who is paused is not known of all: http://h does not answer


            """
        #expect(
            WaitingText.of(answer, now: Self.now + 90) == summary + """
                REQUEST                               PROVIDER  ITS ID  TELLS     AGE  ATTEMPT  LAST ERROR              \
                NEXT ATTEMPT
                \(id)  portal    P-1     answer    90s  3 of 10  http-503                in 30s
                \(id)  portal    P-1     answer    90s  1        no-receipt, status 200  at its turn
                \(id)  portal    P-1     assigned  90s  -        -                       first, at its turn
                \(id)  portal    P-1     answer    90s  -        -                       with a probe
                \(id)  portal    P-1     answer    90s  -        -                       when resumed
                … and more: --limit

                """)
        #expect(
            WaitingText.of(answer, isOfOne: true, now: Self.now).contains(
                "\(id)  P-1     answer    0s   3 of 10  http-503                in 2m\n"))
        #expect(
            WaitingText.of(.init(providers: [], waiting: []), now: Self.now) == "No callback waits.\n")
        let cut = ListWaiting.Answer(
            providers: [WaitingPartner(provider: "p", count: 9, reasons: [.init(code: nil, count: 9)])], isCut: true,
            waiting: [])
        #expect(WaitingText.of(cut, now: Self.now).hasPrefix("at least 9 of p: 9 wait for their first\n"))
    }

    /// From page to page until there are as many as were asked for.
    @Test func pagesAreReadUntilTheLimit() async throws {
        let page = try String(
            decoding: WireJSON.bytes(
                ListWaiting.Answer(
                    providers: [WaitingPartner(provider: "portal", count: 9)], waiting: [Self.callback()],
                    next: Self.id)), as: UTF8.self)
        let asked = try await FakeAdmin.run(answer: { _ in (200, page) }) { url in
            for arguments in [["--limit", "3"], ["portal", "--limit", "1", "--json"], ["--limit", "0"]] {
                try await Self.run(arguments + ["--admin-url", url])
            }
        }
        #expect(asked.count == 5 && Set(asked.map(\.request)) == ["GET /admin/callbacks/waiting"])
    }

    @Test func anUnknownPartnerAndAnOlderServiceAreSaid() async throws {
        for (status, body, problem) in [
            (200, #"{"providers":[],"waiting":[]}"#, "knows no provider portal"),
            (404, "{}", "has no /admin/callbacks/waiting"),
        ] {
            _ = try await FakeAdmin.run(answer: { _ in (status, body) }) { url in
                let error = await #expect(throws: CommandError.self) {
                    try await Self.run(["portal", "--admin-url", url])
                }
                #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
            }
        }
        for wrong in [["--limit", "-1"], ["--limit", "100001"], ["a b"], ["a", "b"]] {
            #expect(throws: (any Error).self) { try Intake.parseAsRoot(["callbacks", "waiting"] + wrong) }
        }
    }

    private static func run(_ arguments: [String]) async throws {
        var command = try #require(
            try Intake.parseAsRoot(["callbacks", "waiting"] + arguments) as? any AsyncParsableCommand)
        try await command.run()
    }
}
