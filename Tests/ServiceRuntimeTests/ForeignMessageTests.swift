import Broker
import Contracts
import Foundation
import Logging
import TestSupport
import Testing

@testable import ServiceRuntime

/// What somebody else with rights on the broker may put into a stage's queue: it is worked on or becomes a dead letter,
/// and the stage goes on with the next.
@Suite(.timeLimit(.minutes(3))) struct ForeignMessageTests {
    @Test(arguments: [60_000, 66_000, 130_300])
    func headersUpToAFrameEndAmongTheDeadLetters(length: Int) async throws {
        try await withStage {
            geocoded($0)
        } body: { stage in
            let foreign = try await stage.publishForeign { message in
                message.body = Array(#"{"x":1}"#.utf8)
                message.properties.headers["stack"] = .string(String(repeating: "s", count: length))
            }
            let dead = try await stage.nextDead(.geocode)
            #expect(dead.message.body == foreign.body)
            let headers = dead.message.properties.headers
            #expect(headers[DeliveryHeader.deadReason] == .string("undecodable"))
            #expect(headers[EventMessage.Header.id] == foreign.properties.headers[EventMessage.Header.id])
            #expect(headers.encodedSize <= Message.headersLimit + 2048)
            #expect((headers[DeliveryHeader.shortenedHeaders] != nil) == (length > 65_000))
            try await takesTheNext(stage)
        }
    }

    @Test func manyHeadersAreLeftOutFromTheEndButNotIntakesOwn() async throws {
        try await withStage {
            geocoded($0)
        } body: { stage in
            try await stage.publishForeign { message in
                message.body = []
                let many = (0..<2_000).map { number in
                    FieldTable.Field(
                        name: "header-\(number)", value: .bytes(Array(repeating: 0xFF, count: 40)))
                }
                message.properties.headers.fields = many + message.properties.headers.fields
            }
            let headers = try await stage.nextDead(.geocode).message.properties.headers
            #expect(headers["header-0"] != nil && headers["header-1999"] == nil)
            #expect(headers[EventMessage.Header.id] != nil && headers[EventMessage.Header.subject] != nil)
            guard case .int(let count) = headers[DeliveryHeader.shortenedHeaders] else {
                Issue.record("nothing says that headers are missing")
                return
            }
            #expect(count > 0)
            try await takesTheNext(stage)
        }
    }

    /// The copy that comes back from a retry queue is larger by what the broker has added.
    @Test func aLargeMessageComesBackFromItsRetry() async throws {
        try await withStage { received throws(StageFailure) in
            guard received.attempt > 1 else { throw .transient("busy", "The dependency is busy.") }
            return geocoded(received)
        } body: { stage in
            try await stage.publishForeign { message in
                message.properties.headers["padding"] = .string(String(repeating: "p", count: 129_500))
            }
            let output = try await stage.next(.decision)
            #expect(EventMessage(output.message).type == .requestGeocoded)
            try await takesTheNext(stage)
        }
    }

    @Test func aDeadLetterKeepsNothingThatActsOnTheBroker() async throws {
        try await withStage {
            geocoded($0)
        } body: { stage in
            try await stage.publishForeign { message in
                message.body = []
                message.properties.expiration = "4000"
                message.properties.headers["CC"] = .array([.string(stage.topology.deadQueue(.callback))])
                message.properties.headers["BCC"] = .array([.string("callback")])
            }
            let dead = try await stage.nextDead(.geocode)
            #expect(dead.message.properties.expiration == nil)
            #expect(dead.message.properties.headers["CC"] == nil && dead.message.properties.headers["BCC"] == nil)
            try await takesTheNext(stage)
        }
    }

    @Test(arguments: [Int64.max, .max - 1, 4, -1, .min])
    func aNumberOfAttemptsIsWhateverSomebodyWrote(attempts: Int64) async throws {
        try await withStage { received throws(StageFailure) in
            guard received.event.data.address.city != "Houston" || received.attempt != 1 else {
                return geocoded(received)
            }
            throw .transient("busy", "The dependency is busy.")
        } body: { stage in
            try await stage.publishForeign { message in
                message.properties.headers[DeliveryHeader.attempts(.geocode)] = .int(attempts)
            }
            if attempts > 0 {
                let dead = try await stage.nextDead(.geocode)
                #expect(dead.message.properties.headers[DeliveryHeader.deadReason] == .string("out-of-attempts"))
            } else {
                _ = try await stage.next(.decision)
            }
            try await takesTheNext(stage)
        }
    }

    @Test(arguments: [0, 1_800_000_000, 253_402_300_799, 253_402_300_800, UInt64(Int64.max), .max])
    func aTimeOfDeathIsWhateverSomebodyWrote(seconds: UInt64) throws {
        var message = Message(body: [])
        message.properties.headers["x-death"] = .array([
            .table(["reason": .string("rejected"), "time": .timestamp(seconds)])
        ])
        let death = try #require(message.death)
        #expect(death.reason == "rejected")
        #expect((death.at != nil) == (seconds <= 253_402_300_799))
        if let date = death.at { #expect(Timestamp.date(Timestamp.string(date)) == date) }
    }

    @Test(arguments: [-1e300, -1e15, -62_167_219_201, 253_402_300_800, 1e15, 1e300])
    func aTimeBeyondTheCalendarIsWrittenAsItsEnd(seconds: Double) {
        let text = Timestamp.string(Date(timeIntervalSince1970: seconds))
        #expect(text.utf8.count == 24)
        #expect(Timestamp.date(text) != nil)
    }

    @Test func whatFollowsAndCanNeverBeSentMakesADeadLetter() async throws {
        try await withStage { received in
            // A routing key holds 255 bytes; this one would be longer.
            [
                RequestDecided(
                    RequestReference(
                        provider: String(repeating: "p", count: 300), providerRequestID: "1", organization: "relief",
                        acceptedAt: Date(timeIntervalSince1970: 1_800_000_000)),
                    Decision(acceptance: true, reason: .zipCovered, rule: nil, coverageVersion: "1"))
            ]
        } body: { stage in
            try await stage.publishInput()
            let dead = try await stage.nextDead(.geocode)
            #expect(dead.message.properties.headers[DeliveryHeader.errorCode] == .string("unsendable"))
            try await stage.awaitEmpty(.geocode)
        }
    }

    /// The handler's own message is worked on when the foreign one is out of the way.
    private func takesTheNext(_ stage: StageUnderTest) async throws {
        let input = try await stage.publishInput()
        while EventMessage(try await stage.next(.decision).message).requestID != input.requestID {}
        try await stage.awaitEmpty(.geocode)
    }

    private func geocoded(_ received: StageUnderTest.Received) -> [any EventData] {
        [RequestGeocoded(received.event.data.request, Geocoding(state: "TX", zip: "77002", reason: .noMatch))]
    }

    private func withStage(
        handle: @escaping StageUnderTest.Handle, body: (StageUnderTest) async throws -> Void
    ) async throws {
        let stage = try await StageUnderTest(
            node: .shared(), concurrency: 16, policy: RetryPolicy(schedule: [.seconds(1), .seconds(1)]), handle: handle)
        try await stage.run(body)
    }
}
