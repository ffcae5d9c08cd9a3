import Contracts
import Foundation
import Logging
import ServiceLifecycle
import ServiceLifecycleTestKit
import Synchronization
import TestSupport
import Testing
import Tracing

@testable import IngestService
@testable import ServiceRuntime

/// OutboxRelay.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct OutboxRelayTests {
    @Test func whatIsHandedOverIsPublishedAndRemoved() async throws {
        try await withRelay { store, faults, publisher, _ in
            let entries = try await accept(3, store)
            let publishes = await first(3, of: publisher.publishes)
            #expect(Set(publishes.map(\.message.id)) == Set(entries.map(\.message.id)))
            #expect(publishes.allSatisfy { $0.exchange == "intake.events" && $0.routingKey == "request.accepted" })
            #expect(await first(3, of: faults.removals).sorted() == entries.map(\.sequence))
            #expect(try await store.outboxStatus().count == 0)
        }
    }

    @Test func theStartSweepsWhatAnEarlierProcessLeft() async throws {
        try await withSQLiteStore { base, _ in
            let entries = try await accept(600, base)
            try await withRelay(on: FaultyDatabase(base)) { _, faults, publisher, _ in
                let ids = await first(600, of: publisher.publishes).map(\.message.id)
                #expect(Set(ids) == Set(entries.map(\.message.id)))
                #expect(Set(await first(600, of: faults.removals)) == Set(entries.map(\.sequence)))
            }
        }
    }

    /// A published event stands below the span of its publishing; the entry in the store stays as it was written.
    @Test func aSampledEventIsPublishedBelowASpan() async throws {
        let spans = EndedSpans(limit: 10)
        try await withRelay(spans: SpanRecorder(spans, oneIn: 1)) { store, faults, publisher, _ in
            let entry = try #require(try await accept(1, store).first)
            let published = await first(1, of: publisher.publishes)
            _ = await first(1, of: faults.removals)
            let place = try #require(published.first?.message.traceParent.flatMap(TraceParent.init))
            let parent = try #require(entry.message.traceParent.flatMap(TraceParent.init))
            #expect(place.traceID == parent.traceID && place.spanID != parent.spanID && place.isSampled)
            try await eventually("the span has ended") { !spans.isEmpty }
            let ended = spans.take(10)
            #expect(ended.map(\.name) == ["send intake.events"] && ended.first?.kind == .producer)
            #expect(ended.first?.place == place && ended.first?.parent == parent.spanID)
        }
    }

    @Test func nothingIsRemovedBeforeItsConfirm() async throws {
        try await withRelay { store, faults, publisher, _ in
            publisher.hold()
            _ = try await accept(2, store)
            _ = await first(2, of: publisher.publishes)
            #expect(try await store.outboxStatus().count == 2)
            publisher.release()
            _ = await first(2, of: faults.removals)
            #expect(try await store.outboxStatus().count == 0)
        }
    }

    @Test(arguments: [PublishFailure.Reason.unroutable, .refused])
    func whatTheBrokerDoesNotTakeIsTriedAgain(_ reason: PublishFailure.Reason) async throws {
        try await withRelay { store, faults, publisher, waits in
            publisher.fail(PublishFailure(reason), PublishFailure(reason), PublishFailure(reason))
            let entry = try #require(try await accept(1, store).first)
            let ids = await first(4, of: publisher.publishes).map(\.message.id)
            #expect(Set(ids).count == 1)
            #expect(await first(1, of: faults.removals) == [entry.sequence])
            #expect(waits.all == [.seconds(1), .seconds(2), .seconds(4)])
        }
    }

    @Test func aRemovalThatFailsIsTriedAgainWithoutAnotherPublish() async throws {
        try await withRelay { store, faults, publisher, _ in
            publisher.hold()
            let entries = try await accept(1, store)
            faults.fail(.write, times: 2)
            publisher.release()
            #expect(await first(1, of: faults.removals) == [entries[0].sequence])
            #expect(await first(1, of: publisher.publishes).count == 1)
            let next = try await accept(1, store)
            #expect(await first(1, of: publisher.publishes).map(\.message.id) == next.map(\.message.id))
        }
    }

    @Test func aCrashBetweenConfirmAndRemovalPublishesTwiceUnderOneId() async throws {
        try await withSQLiteStore { base, _ in
            let entry = try #require(try await accept(1, base).first)
            let crashing = FaultyDatabase(base)
            crashing.fail(.write)
            let before = ScriptedPublisher()
            let stuck = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                try await relay(crashing.store, before, left: entry.sequence) { duration in
                    stuck.continuation.yield()
                    try await untilCancelled()
                }.run()
            }
            let published = await first(1, of: before.publishes)
            _ = await first(2, of: stuck.stream)  // the watch, and the removal that failed
            task.cancel()
            _ = await task.result
            #expect(try await base.outboxStatus().count == 1)

            try await withRelay(on: FaultyDatabase(base)) { _, faults, publisher, _ in
                let again = await first(1, of: publisher.publishes)
                #expect(again == published)
                #expect(again.first?.message.id == entry.message.id)
                #expect(await first(1, of: faults.removals) == [entry.sequence])
            }
        }
    }

    @Test func whatDoesNotFitInMemoryIsFoundInTheTable() async throws {
        try await withSQLiteStore { base, _ in
            var configuration = OutboxRelay.Configuration()
            configuration.publishLimit = 2
            configuration.handoverLimit = 4
            configuration.sweepPage = 8
            try await withRelay(on: FaultyDatabase(base), configuration) { store, faults, publisher, _ in
                publisher.hold()
                let entries = try await accept(50, store)
                publisher.release()
                #expect(Set(await first(50, of: faults.removals)) == Set(entries.map(\.sequence)))
                let ids = await first(50, of: publisher.publishes).map(\.message.id)
                #expect(Set(ids).count == 50, "each once")
            }
        }
    }

    @Test func aStopPublishesWhatIsInMemoryFirst() async throws {
        try await withSQLiteStore { base, _ in
            let handover = OutboxHandover(limit: 100)
            let store = base.handing(over: handover)
            let publisher = ScriptedPublisher()
            publisher.hold()
            let relay = relay(store, publisher, handover)
            try await testGracefulShutdown { trigger in
                async let run: Void = relay.run()
                _ = try await accept(10, store)
                _ = await first(10, of: publisher.publishes)
                trigger.triggerGracefulShutdown()
                publisher.release()
                try await run
                #expect(try await base.outboxStatus().count == 0)
            }
        }
    }

    @Test func aStopEndsAtItsDeadlineAndKeepsTheRest() async throws {
        try await withSQLiteStore { base, _ in
            let publisher = ScriptedPublisher()
            publisher.hold()
            let configuration = OutboxRelay.Configuration()
            let handover = OutboxHandover(limit: 100)
            let store = base.handing(over: handover)
            let relay = relay(store, publisher, handover, configuration) { duration in
                // The deadline is over at once.
                if duration != configuration.drainDeadline { try await untilCancelled() }
            }
            try await testGracefulShutdown { trigger in
                async let run: Void = relay.run()
                _ = try await accept(3, store)
                _ = await first(3, of: publisher.publishes)
                trigger.triggerGracefulShutdown()
                try await run
                #expect(try await base.outboxStatus().count == 3)
            }
        }
    }

    /// How long the relay wanted to wait between tries.
    private final class Waits: Sendable {
        private let state = Mutex<[Duration]>([])
        var all: [Duration] { state.withLock { $0 } }
        func append(_ wait: Duration) { state.withLock { $0.append(wait) } }
    }

    private func withRelay(
        on given: FaultyDatabase? = nil, _ configuration: OutboxRelay.Configuration = .init(),
        spans: SpanRecorder? = nil,
        _ body: (RequestStore, FaultyDatabase, ScriptedPublisher, Waits) async throws -> Void
    ) async throws {
        try await withSQLiteStore { base, _ in
            let faults = given ?? FaultyDatabase(base)
            let handover = OutboxHandover(limit: configuration.handoverLimit)
            let store = faults.store.handing(over: handover)
            let publisher = ScriptedPublisher()
            let waits = Waits()
            let left = try await store.outboxStatus().last ?? 0
            let relay = relay(store, publisher, handover, left: left, configuration, spans: spans) { duration in
                if duration == configuration.watchInterval || duration == configuration.drainDeadline {
                    try await untilCancelled()
                } else {
                    waits.append(duration)
                }
            }
            try await testGracefulShutdown { trigger in
                async let run: Void = relay.run()
                try await body(store, faults, publisher, waits)
                trigger.triggerGracefulShutdown()
                try await run
            }
        }
    }

    private func relay(
        _ store: RequestStore, _ publisher: any MessagePublisher,
        _ handover: OutboxHandover = OutboxHandover(limit: 100), left: Int64 = 0,
        _ configuration: OutboxRelay.Configuration = .init(), spans: SpanRecorder? = nil,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { _ in try await untilCancelled()
        }
    ) -> OutboxRelay {
        OutboxRelay(
            store: store, handover: handover, publisher: publisher, exchange: Topology().events, left: left,
            configuration: configuration, metrics: IngestMetrics(), spans: spans,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { Fixture.now }, sleep: sleep)
    }

    private func accept(_ count: Int, _ store: RequestStore) async throws -> [OutboxEntry] {
        var entries: [OutboxEntry] = []
        for _ in 0..<count {
            let request = Fixture.newRequest()
            entries.append(try await store.accepted(request, event: try Fixture.event(request)))
        }
        return entries
    }
}

extension RequestStore {
    fileprivate func handing(over handover: OutboxHandover) -> RequestStore {
        var store = self
        store.handOver = { handover.put($0) }
        return store
    }
}

/// Stands for a wait whose end the test does not need.
private func untilCancelled() async throws {
    for await _ in AsyncStream<Never>.makeStream().stream {}
    throw CancellationError()
}

/// Waits for that many elements.
private func first<Element>(_ count: Int, of stream: AsyncStream<Element>) async -> [Element] {
    var elements: [Element] = []
    var iterator = stream.makeAsyncIterator()
    while elements.count < count, let element = await iterator.next() { elements.append(element) }
    return elements
}
