import Contracts
import Foundation
import Testing

@testable import IngestService

/// What every `RequestStore` must make of the facts about callbacks, in any order and any number of times.
///
/// RequestStore timeline.
@Suite(.serialized)
struct TimelineConformanceTests {
    /// Facts about a decided request whose organisation has taken so many steps, and what the job shows when all are
    /// in.
    struct News: Sendable, CustomTestStringConvertible {
        var name: String
        var steps = 0
        var facts: [ProgressUpdate]
        var state: PartnerNotification.State
        var attempt: Int?
        var told: Int?
        var kinds: [TimelineEntry.Kind]
        var testDescription: String { name }
    }

    static let news: [News] = [
        News(
            name: "the answer, at the third attempt",
            facts: [Fixture.attempted(1, after: 3), Fixture.attempted(2, after: 9), Fixture.delivered(after: 20)],
            state: .delivered, attempt: 1, told: 1, kinds: [.attempted, .attempted, .delivered]),
        News(
            name: "the answer, three times",
            facts: [Fixture.delivered(after: 3), Fixture.delivered(after: 9), Fixture.delivered(after: 20)],
            state: .delivered, attempt: 1, told: 1, kinds: [.delivered, .delivered, .delivered]),
        News(
            name: "a step, twice", steps: 1,
            facts: [
                Fixture.delivered(after: 3), Fixture.delivered(sequence: 2, after: 9),
                Fixture.delivered(sequence: 2, after: 20),
            ],
            state: .delivered, attempt: 1, told: 1, kinds: [.statusChanged, .delivered, .delivered, .delivered]),
        News(
            name: "the answer, not yet",
            facts: [
                Fixture.attempted(1, after: 3), Fixture.retrying(.callback, after: 4, attempt: 1),
                Fixture.attempted(2, after: 9), Fixture.retrying(.callback, after: 10, attempt: 2),
            ], state: .retrying, attempt: 2, kinds: [.attempted, .attempted]),
        News(
            name: "a step, after the answer", steps: 1,
            facts: [Fixture.delivered(after: 3), Fixture.delivered(sequence: 2, after: 9)],
            state: .delivered, attempt: 1, told: 1, kinds: [.statusChanged, .delivered, .delivered]),
        News(
            name: "a step, not yet", steps: 1,
            facts: [Fixture.delivered(after: 3), Fixture.attempted(1, of: 2, after: 9)],
            state: .retrying, attempt: 1, told: 1, kinds: [.statusChanged, .delivered, .attempted]),
        News(
            name: "a step has overtaken the answer", steps: 1,
            facts: [
                Fixture.attempted(1, after: 3), Fixture.superseded(1, by: 2, after: 5),
                Fixture.delivered(sequence: 2, after: 9),
            ], state: .delivered, attempt: 1, told: 2,
            kinds: [.statusChanged, .attempted, .superseded, .delivered]),
        News(
            name: "the second of two steps is not told", steps: 2,
            facts: [
                Fixture.delivered(after: 3), Fixture.delivered(sequence: 2, after: 9),
                Fixture.attempted(1, of: 2, after: 8),
            ], state: .pending, told: 1,
            kinds: [.statusChanged, .statusChanged, .delivered, .attempted, .delivered]),
        News(
            name: "the endpoint is left alone", facts: [Fixture.attempted(1, after: 3), Fixture.degraded(after: 4)],
            state: .held, attempt: 1, kinds: [.attempted]),
        News(
            name: "the endpoint was left alone, twice, and is well",
            facts: [
                Fixture.degraded(after: 4), Fixture.recovered(from: 4, after: 8), Fixture.degraded(after: 9),
                Fixture.recovered(from: 9, after: 12),
            ], state: .pending, kinds: []),
        News(
            name: "the endpoint is left alone again",
            facts: [Fixture.degraded(after: 4), Fixture.recovered(from: 4, after: 8), Fixture.degraded(after: 9)],
            state: .held, kinds: []),
        News(
            name: "the answer was given up",
            facts: [Fixture.attempted(1, after: 3), Fixture.dead(.callback, after: 4)],
            state: .failed, attempt: 1, kinds: [.attempted, .dead]),
    ]

    @Test(arguments: StoreDriver.allCases, news)
    func everyOrderEndsTheSame(_ driver: StoreDriver, _ news: News) async throws {
        for facts in permutations(news.facts) {
            try await driver.withStore { store in
                let id = try await decided(store, steps: news.steps)
                for fact in facts + facts { _ = try await store.apply(fact, to: id) }
                let job = try #require(try await store.job(id))
                let notification = try #require(job.notification)
                #expect(notification.state == news.state)
                #expect(notification.attempt == news.attempt)
                #expect(job.request.receipt?.sequence == news.told)
                #expect((job.request.job == .completed) == (news.told != nil))
                #expect(job.events.map(\.kind) == [.accepted, .decided] + news.kinds)
                #expect(job.events.map(\.at) == job.events.map(\.at).sorted())
            }
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func theNewestEntriesStay(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            var kept: [[String]] = []
            for order in [Array(1...130), Array((1...130).reversed()), (1...130).shuffled()] {
                let id = try await decided(store)
                for attempt in order {
                    _ = try await store.apply(Fixture.attempted(attempt, after: Double(attempt)), to: id)
                }
                // Once more what was already let go.
                _ = try await store.apply(Fixture.attempted(1, after: 1), to: id)
                let timeline = try #require(try await store.job(id)?.timeline)
                #expect(timeline.map(\.attempt) == Array(31...130))
                kept.append(timeline.map(\.name))
            }
            #expect(kept.allSatisfy { $0 == kept[0] })
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func anEntryIsKeptWhole(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let id = try await decided(store)
            guard case .noted(let entry) = Fixture.attempted(3, after: 5) else { return }
            _ = try await store.apply(.noted(entry), to: id)
            #expect(try await store.job(id)?.timeline == [entry])
            #expect(try await store.apply(.noted(entry), to: Fixture.id()) == false)
            let receipt = Receipt(
                acceptance: true, httpStatus: 202, attempt: 4, durationMilliseconds: 31, addressFamily: .ipv6,
                deliveredAt: Fixture.now + 9)
            _ = try await store.apply(.delivered(receipt), to: id)
            #expect(try await store.request(id)?.receipt == receipt)
            #expect(try await store.job(id)?.timeline.count == 1, "the answer's delivery has columns of its own")
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func whatAStepDiedOfIsNotTheAnswers(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let id = try await decided(store, steps: 1)
            _ = try await store.apply(Fixture.delivered(after: 3), to: id)
            var letter = Fixture.letter(.callback, after: -5, of: id)
            _ = try await store.apply(.dead(letter), to: id)
            #expect(try await store.job(id)?.notification?.state == .pending, "an old deadLettering of the answer")
            // By a clock that is behind.
            letter.deadLettering.sequence = 2
            _ = try await store.apply(.dead(letter), to: id)
            let job = try #require(try await store.job(id))
            #expect(job.notification?.state == .failed && job.request.job == .completed)
        }
    }

    /// A request that is decided at second 2, and whose steps are at 2.1, 2.2, …
    private func decided(_ store: RequestStore, steps: Int = 0) async throws -> RequestID {
        let request = Fixture.newRequest()
        _ = try await store.accept(request, event: try Fixture.event(request))
        _ = try await store.apply(Fixture.decided(), to: request.id)
        for (index, step) in [OrganizationStatus.Step.assigned, .scheduled].prefix(steps).enumerated() {
            let change = StatusChange(
                step: step, at: Fixture.now + 2.1 + Double(index) / 10, traceParent: Fixture.traceParent)
            _ = try await store.changeStatus(of: request.id, within: Fixture.provider.organization, change)
        }
        return request.id
    }
}
