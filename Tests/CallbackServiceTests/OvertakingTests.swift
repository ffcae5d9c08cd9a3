import Contracts
import Foundation
import ServiceRuntime
import TestSupport
import Testing

@testable import CallbackService

/// What is out of date is not told any more.
@Suite struct OvertakingTests {
    private let answer = Notice(Event<RequestDecided>.fixture())
    private let belatedAnswer = Notice(Event<RequestDecided>.fixture(), isBelated: true)

    private func change(_ sequence: Int) -> Notice {
        Notice(Event<RequestStatusChanged>.change(sequence: sequence))
    }

    /// Runs a handler with a partner that takes everything, or nothing.
    private func serving(
        _ status: String = "200 OK", _ body: @escaping @Sendable (CallbackHandler) async throws -> Void
    ) async throws -> [String] {
        let bodies = Recorder<String>()
        try await TestServer.serving { connection in
            while let request = try await connection.request() {
                bodies.add(request.body)
                try await connection.answer(status)
            }
        } _: { server in
            try await withHandler(try .fixture(server.template), body)
        }
        return bodies.all
    }

    private static func superseded(_ events: [any EventData]) -> [Int]? {
        (events.first as? CallbackSuperseded).map { [$0.sequence, $0.newestSequence] }
    }

    @Test func anAnswerThatComesBackLateIsDropped() async throws {
        let told = try await serving { [answer, belatedAnswer, change] handler in
            _ = try await handler.handle(change(2), context: .fixture())
            let late = try await handler.handle(belatedAnswer, context: .fixture())
            #expect(Self.superseded(late) == [1, 2] && late.count == 1)
            let retried = try await handler.handle(answer, context: .fixture(attempt: 4))
            #expect(Self.superseded(retried) == [1, 2])
        }
        #expect(told.count == 1)
    }

    @Test func anOlderStepIsDroppedThoughTheNewerWasNotTakenYet() async throws {
        let asked = try await serving("503 Busy") { [change] handler in
            await #expect(throws: StageFailure.self) { try await handler.handle(change(3), context: .fixture()) }
            let older = try await handler.handle(change(2), context: .fixture())
            #expect(Self.superseded(older) == [2, 3])
            await #expect(throws: StageFailure.self) {
                try await handler.handle(change(3), context: .fixture(attempt: 2))
            }
        }
        #expect(asked.count == 2)
    }

    @Test func whatNothingHasOvertakenIsTold() async throws {
        let told = try await serving { [answer, belatedAnswer, change] handler in
            for notice in [answer, belatedAnswer, change(2), change(2), change(3)] {
                let events = try await handler.handle(notice, context: .fixture(attempt: 2))
                #expect(events.first is CallbackDelivered)
            }
        }
        #expect(told.count == 5)
    }

    /// What is newer is not sent while what is older is on its way: they could cross.
    @Test func aStepWaitsForTheAnswerThatIsOnItsWay() async throws {
        let bodies = Recorder<String>()
        let (arrived, mayAnswer) = (Gate(), Gate())
        try await TestServer.serving { connection in
            while let request = try await connection.request() {
                bodies.add(request.body)
                if bodies.all.count == 1 {
                    arrived.open()
                    await mayAnswer.wait()
                }
                try await connection.answer("200 OK")
            }
        } _: { [answer, change] server in
            let partner = try Partner.fixture(server.template)
            let newest = try CallbackState(path: TestDirectory.make("callback") + "/callback.sqlite")
            try await withClient { client in
                let handler = CallbackHandler(
                    partners: { Partners(byID: ["portal": partner]) }, client: client, newest: newest)
                async let first = handler.handle(answer, context: .fixture())
                await arrived.wait()
                async let second = handler.handle(change(2), context: .fixture())
                async let third = handler.handle(change(3), context: .fixture())
                try await eventually("the newest is known") { try await newest.newest(of: answer.requestID) == 3 }
                #expect(bodies.all.count == 1)
                mayAnswer.open()
                #expect(try await first.first is CallbackDelivered)
                #expect(Self.superseded(try await second) == [2, 3])
                #expect(try await third.first is CallbackDelivered)
            }
        }
        #expect(bodies.all.count == 2)
    }

    /// It may have lain in a process that was stopped, while another one told the step.
    @Test(arguments: [-60.0, 0.75, 86_400]) func anAnswerThatIsNotFreshIsLookedUp(_ age: Double) async throws {
        let asked = try await serving { [answer, change] handler in
            _ = try await handler.handle(change(2), context: .fixture())
            var old = answer
            old.request.acceptedAt -= age
            #expect(Self.superseded(try await handler.handle(old, context: .fixture())) == [1, 2])
            // Nobody tells a fresh one that it is overtaken.
            #expect(try await handler.handle(answer, context: .fixture()).first is CallbackDelivered)
        }
        #expect(asked.count == 2)
    }

    /// While nobody can say in time what was told, nothing is: it could be out of date by then.
    @Test func aStateThatAnswersTooLateHoldsCallbacksBack() async throws {
        let path = try TestDirectory.make("callback") + "/callback.sqlite"
        let asked = Recorder<String>()
        try await TestServer.serving { connection in
            while let request = try await connection.request() {
                asked.add(request.body)
                try await connection.answer("200 OK")
            }
        } _: { [belatedAnswer, change] server in
            let partner = try Partner.fixture(server.template)
            let late = try CallbackState(path: path, freshness: .zero)
            try await withClient { client in
                let handler = CallbackHandler(
                    partners: { Partners(byID: ["portal": partner]) }, client: client, newest: late)
                for notice in [belatedAnswer, change(2)] {
                    let failure = await #expect(throws: StageFailure.self) {
                        _ = try await handler.handle(notice, context: .fixture())
                    }
                    #expect(failure?.error.code == "callback-state-unavailable")
                }
                // That something newer is known is true however late it is said.
                _ = try await CallbackState(path: path).take(3, of: belatedAnswer.requestID)
                #expect(Self.superseded(try await handler.handle(change(2), context: .fixture())) == [2, 3])
            }
        }
        #expect(asked.all.isEmpty)
    }

    @Test func aTurnIsOfOneRequestAlone() async {
        let turns = RequestTurns()
        let (one, other) = (RequestID(UUID()), RequestID(UUID()))
        #expect(await !turns.enter(one))
        #expect(await !turns.enter(other))
        turns.leave(one)
        #expect(await !turns.enter(one))
        async let next = turns.enter(other)
        turns.leave(other)
        _ = await next
        turns.leave(other)
        #expect(await !turns.enter(other))
    }

    /// A fresh answer is not looked up: the calm path waits for no disk.
    @Test(arguments: StateDriver.allCases)
    func aFreshAnswerNeedsNoState(_ driver: StateDriver) async throws {
        try await withBrokenState(driver) { [answer] handler in
            _ = try await handler.handle(answer, context: .fixture())
        }
    }

    /// A state that cannot be used stops what needs it, and loses nothing.
    @Test(arguments: StateDriver.allCases)
    func aStateThatIsAwayIsAnOutage(_ driver: StateDriver) async throws {
        try await withBrokenState(driver) { [belatedAnswer, change] handler in
            for notice in [belatedAnswer, change(2)] {
                let failure = await #expect(throws: StageFailure.self) {
                    try await handler.handle(notice, context: .fixture())
                }
                #expect(failure?.kind == .outage(retryAfter: nil))
                #expect(failure?.error.code == "callback-state-unavailable")
            }
        }
    }

    /// The state's table is gone while the handler runs.
    private func withBrokenState(
        _ driver: StateDriver, _ body: @escaping @Sendable (CallbackHandler) async throws -> Void
    ) async throws {
        try await driver.withPlace { place in
            let newest = try await place.state()
            try await place.breakState()
            try await TestServer.serving { connection in
                while try await connection.request() != nil { try await connection.answer("200 OK") }
            } _: { server in
                let partner = try Partner.fixture(server.template)
                try await withClient { client in
                    try await body(
                        CallbackHandler(
                            partners: { Partners(byID: ["portal": partner]) }, client: client, newest: newest,
                            now: { Date(timeIntervalSince1970: 1_800_000_000) }))
                }
            }
        }
    }
}
