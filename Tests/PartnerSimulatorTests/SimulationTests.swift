import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix
import Terminal
import TestSupport
import Testing

@testable import PartnerSimulator

/// The whole simulator over loopback sockets, against an Intake that does what the test says.
@Suite struct SimulationTests {
    private func madeUp(_ count: Int) -> RequestSource {
        .madeUp(MadeUpRequests(count: count, prefix: "t-", seed: 5))
    }

    @Test func everyRequestIsAcceptedAndTold() async throws {
        let report = try await FakeIntake().simulate(madeUp(200)) { intake, post in
            guard post.authorization == "Bearer t0ken" else { return Response(status: .unauthorized) }
            try await intake.call(post.id, body: #"{"acceptance":\#(post.id.hasSuffix("7")),"status":"new"}"#)
            return FakeIntake.accepted(post.id)
        }
        #expect(report.succeeded)
        #expect((report.accepted, report.toldYes, report.toldNo) == (200, 20, 180))
        #expect((report.duplicates, report.unexpected, report.unsent) == (0, 0, 0))
        #expect(report.acceptance != nil && report.wholeWay != nil && report.toldPerSecond != nil)
    }

    @Test func refusalsAreCountedByStatusAndNotRepeated() async throws {
        let intake = FakeIntake()
        let report = try await intake.simulate(madeUp(10)) { intake, post in
            if post.id == "t-3" { return Response(status: .badRequest) }
            if post.id == "t-4" { return Response(status: .conflict, headers: [.location: "/api/jobs/x"]) }
            try await intake.call(post.id)
            return FakeIntake.accepted(post.id)
        }
        #expect(report.refused == ["400": 1, "409": 1])
        #expect((report.ending, report.accepted, report.succeeded) == (.complete, 8, false))
        #expect(intake.postCount == 10)
    }

    @Test func anOverloadedApiIsAskedAgain() async throws {
        let intake = FakeIntake()
        let report = try await intake.simulate(madeUp(5)) { intake, post in
            if post.number == 1 { return Response(status: .serviceUnavailable, headers: [.retryAfter: "0"]) }
            try await intake.call(post.id)
            return FakeIntake.accepted(post.id)
        }
        #expect(report.succeeded)
        #expect(intake.postCount == 10)
    }

    @Test func aLostAnswerAndTheConflictAfterItCountAsAccepted() async throws {
        let report = try await FakeIntake().simulate(madeUp(3)) { intake, post in
            // The first answer says that a gateway lost the real one.
            if post.number == 1 { return Response(status: .badGateway) }
            try await intake.call(post.id)
            return Response(status: .conflict, headers: [.location: "/api/jobs/\(post.id)"])
        }
        #expect(report.succeeded)
        #expect(report.accepted == 3)
    }

    @Test func strangeCallbacksAreCountedAndAnswered() async throws {
        let statuses = Recorder<Int>()
        let report = try await FakeIntake().simulate(
            madeUp(1), configure: { $0.callbacks.authorization = "s3cret" },
            answer: { intake, post in
                statuses.add(try await intake.call(post.id))
                statuses.add(try await intake.call(post.id, body: "{}", authorization: "s3cret"))
                statuses.add(try await intake.call("a/b", authorization: "s3cret"))
                statuses.add(try await intake.call("a%2Fb", authorization: "s3cret"))
                statuses.add(try await intake.call("x", authorization: "s3cret", path: "/other/"))
                for _ in 0..<2 { statuses.add(try await intake.call(post.id, authorization: "s3cret")) }
                return FakeIntake.accepted(post.id)
            })
        #expect(statuses.all == [401, 400, 400, 200, 404, 200, 200])
        #expect((report.unauthorized, report.malformed, report.unexpected, report.duplicates) == (1, 2, 1, 1))
        #expect(report.succeeded)
    }

    @Test func anIdWithAnyCharacterComesBackToItsRequest() async throws {
        let id = "a/b c?%ü"
        let line = #"{"providerRequestId":"\#(id)"}"#
        let file = try RequestFile(content: Data(line.utf8), name: "r", prefix: "", expected: nil)
        let report = try await FakeIntake().simulate(.file(file)) { intake, post in
            try await intake.call("a%2Fb%20c%3F%25%C3%BC")
            return FakeIntake.accepted("1")
        }
        #expect(report.succeeded)
    }

    @Test func aWrongDecisionFailsTheRun() async throws {
        let expected = try ExpectedDecisions(text: "providerRequestId,acceptance\na,true\nb,false", name: "e")
        let lines = #"{"providerRequestId":"a"}"# + "\n" + #"{"providerRequestId":"b"}"#
        let file = try RequestFile(content: Data(lines.utf8), name: "r", prefix: "p-", expected: expected)
        let report = try await FakeIntake().simulate(.file(file)) { intake, post in
            try await intake.call(post.id)
            return FakeIntake.accepted(post.id)
        }
        #expect((report.wrong, report.wrongIDs, report.succeeded) == (1, ["p-b"], false))
    }

    @Test func whatNobodyTellsIsListedWithItsJob() async throws {
        let report = try await FakeIntake().simulate(
            madeUp(12), configure: { $0.timeout = .milliseconds(200) },
            answer: { intake, post in
                if post.id == "t-1" { try await intake.call(post.id) }
                return FakeIntake.accepted(post.id)
            })
        #expect((report.ending, report.stillWaiting, report.succeeded) == (.timeout, 11, false))
        #expect(report.waiting.count == 10)
        #expect(report.waiting.allSatisfy { $0.job == "HTTP 200 in-progress callback" })
    }

    @Test func anApiThatIsNotThereIsGivenUp() async throws {
        // Held, so that no other test's server comes to listen there.
        let closed = try OccupiedPort(listens: false)
        let report = try await FakeIntake().simulate(
            madeUp(20),
            configure: {
                $0.api = PartnerAPI(base: "http://127.0.0.1:\(closed.number)", token: "t")
                $0.timeout = .milliseconds(300)
            },
            answer: { _, post in FakeIntake.accepted(post.id) })
        #expect(report.unanswered == ["connection refused": 20])
        #expect(!report.succeeded)
    }

    @Test func anInterruptionEndsTheRunWithWhatIsKnown() async throws {
        let posted = Gate()
        let report = try await FakeIntake().simulate(
            madeUp(1000), configure: { $0.concurrency = 1 }, interruption: { await posted.wait() },
            answer: { intake, post in
                if post.id != "t-2" {
                    try await intake.call(post.id)
                    return FakeIntake.accepted(post.id)
                }
                posted.open()
                await intake.simulated.wait()
                return Response(status: .internalServerError)
            })
        #expect((report.ending, report.accepted, report.unsent) == (.interrupted, 1, 999))
    }

    @Test func aPortInUseIsSaidInOneLine() async throws {
        let taken = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = taken.localAddress?.port ?? 0
        let simulation = Simulation(
            source: madeUp(1), api: PartnerAPI(base: "http://127.0.0.1:1", token: "t"),
            callbacks: .init(host: "127.0.0.1", port: port, authorization: nil), rate: nil, concurrency: 1,
            timeout: .seconds(1))
        await #expect(
            throws: CommandError("127.0.0.1:\(port) is in use: choose another with --callback-port")
        ) {
            _ = try await simulation.run(
                display: ProgressDisplay(isTerminal: false, interval: .seconds(60), write: { _ in }),
                interruption: { await Gate().wait() })
        }
        try await taken.close()
    }
}
