import AdminAPI
import Contracts
import Foundation
import Testing

@testable import IngestService

/// What is known of a request does not depend on the clocks of those who told it, nor on the order in which it came.
///
/// Clocks of other hosts.
@Suite(.serialized)
struct ClockTests {
    /// Seconds by which a host's clock is off: an hour, ten years.
    static let skews = [-315_360_000.0, -3600, 0, 3600, 315_360_000]

    /// Something that happened, told by a host whose clock is off by so much.
    struct Happening: Sendable {
        var name: String
        var update: @Sendable (_ skews: [Double]) -> ProgressUpdate
    }

    /// The life of a callback that is given up, given back, and given up again, in the order in which it truly was.
    /// What names a dead-lettering names it by the time that its host told.
    static let life: [Happening] = [
        Happening(name: "decided") { Fixture.decided(after: 1 + $0[0]) },
        Happening(name: "attempted") { Fixture.attempted(1, after: 2 + $0[1]) },
        Happening(name: "retrying") { Fixture.retrying(.callback, after: 3 + $0[2], attempt: 1) },
        Happening(name: "attempted again") { Fixture.attempted(2, after: 4 + $0[3]) },
        Happening(name: "retrying again") { Fixture.retrying(.callback, after: 5 + $0[4], attempt: 2) },
        Happening(name: "dead") { Fixture.dead(.callback, after: 9 + $0[5]) },
        Happening(name: "replayed") {
            Fixture.replayed(.callback, deadLettering: 9 + $0[5], after: 20 + $0[6], replays: 0)
        },
        Happening(name: "retrying after the replay") {
            Fixture.retrying(.callback, after: 30 + $0[7], attempt: 1, replays: 1)
        },
        Happening(name: "dead after the replay") { Fixture.dead(.callback, after: 40 + $0[8], replays: 1) },
        Happening(name: "discarded") {
            Fixture.discarded(.callback, deadLettering: 40 + $0[8], after: 50 + $0[9], replays: 1)
        },
        Happening(name: "a step was told") { Fixture.delivered(sequence: 2, after: 60 + $0[10]) },
        Happening(name: "the answer was told") { Fixture.delivered(after: 61 + $0[11]) },
    ]

    /// All that counts, without the times, which are only shown.
    struct Outcome: Equatable {
        var job: String
        var retry: Int?
        var replays: Int?
        var notification: PartnerNotification.State?
        var attempt: Int?
        var toldSequence: Int?
        var discard: String?
        var waitingLetters: Int
        var resolution: DeadLetterResolution.Kind?
        var places: [RequestCounts]
        var stuck: Int
    }

    /// Each two of them, in both orders, with the clock of either off.
    @Test(arguments: life.indices)
    func twoFactsSayTheSame(_ first: Int) async throws {
        try await withSQLiteStore { store, _ in
            for second in Self.life.indices where second > first {
                let calm = try await outcome(store, [first, second], Array(repeating: 0, count: Self.life.count))
                for skewed in [first, second] {
                    for skew in Self.skews {
                        var skews = Array(repeating: 0.0, count: Self.life.count)
                        skews[skewed] = skew
                        for order in [[first, second], [second, first]] {
                            let names = order.map { Self.life[$0].name }
                            let seen = try await outcome(store, order, skews)
                            #expect(seen == calm, "\(names), \(Self.life[skewed].name) off by \(skew) s")
                        }
                    }
                }
            }
        }
    }

    /// All that happened until then, in any order, each clock off in its own way.
    @Test(arguments: life.indices)
    func aLifeSaysTheSame(_ last: Int) async throws {
        var generator = SeededGenerator(seed: UInt64(last) + 1)
        let facts = Array(0...last)
        try await withSQLiteStore { store, _ in
            let calm = try await outcome(store, facts, Array(repeating: 0, count: Self.life.count))
            for _ in 0..<40 {
                let skews = Self.life.map { _ in Self.skews.randomElement(using: &generator) ?? 0 }
                let order = facts.shuffled(using: &generator)
                let repeated = order + order.prefix(2)
                #expect(try await outcome(store, repeated, skews) == calm, "\(order), \(skews)")
            }
        }
    }

    private func outcome(_ store: RequestStore, _ order: [Int], _ skews: [Double]) async throws -> Outcome {
        let provider = Provider(id: UUID().uuidString, organization: "relief-org")
        let request = Fixture.newRequest(provider: provider)
        _ = try await store.accept(request, event: try Fixture.event(request))
        for index in order {
            var update = Self.life[index].update(skews)
            // Each request has messages of its own.
            switch update {
            case .dead(var message):
                message.requestID = request.id
                message.messageID = request.id.uuid
                update = .dead(message)
            case .retrying(let stage, _, let retry): update = .retrying(stage, messageID: request.id.uuid, retry)
            case .resolved(let stage, _, let resolution):
                update = .resolved(stage, messageID: request.id.uuid, resolution)
            default: break
            }
            _ = try await store.apply(update, to: request.id)
        }
        let job = try #require(try await store.job(request.id))
        let letters = try await store.deadLetters(request.id.uuid)
        var places = try await store.requestCounts().filter { $0.provider == provider.id }
        for index in places.indices { places[index].provider = "" }
        let stuck = try await store.pending(notMovedSince: Fixture.now + 600, after: nil, limit: 100_000)
            .count { $0.id == request.id }
        var outcome = Outcome(
            job: job.request.job.name, notification: job.notification?.state, attempt: job.notification?.attempt,
            toldSequence: job.request.receipt?.sequence, waitingLetters: letters.count { $0.resolution == nil },
            resolution: letters.first?.resolution?.kind, places: places, stuck: stuck)
        switch job.request.job {
        case .inProgress(_, let retry): (outcome.retry, outcome.replays) = (retry?.attempt, retry?.replays)
        case .failed(let stage, let deadLettering):
            outcome.replays = deadLettering.replays
            outcome.discard = job.request.dead(stage)?.currentDiscard?.why
        case .inReview, .completed: break
        }
        return outcome
    }

    @Test func noTimeTraps() {
        for milliseconds in [Int64.min, .min + 1, -1, 0, 1, .max - 1, .max] {
            let date = Date(milliseconds: milliseconds)
            #expect(Date(milliseconds: date.milliseconds) == date)
            #expect(Timestamp.string(date).utf8.count == 24)
        }
        for seconds in [Double.nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1e18] {
            let milliseconds = Date(timeIntervalSince1970: seconds).milliseconds
            #expect((-62_167_219_200_000...253_402_300_799_999).contains(milliseconds))
        }
    }
}
