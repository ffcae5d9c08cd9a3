import Contracts
import Foundation
import Logging
import ServiceLifecycle
import ServiceRuntime
import TestSupport
import Testing

@testable import CallbackService

@Suite(.timeLimit(.minutes(1))) struct CallbackPausesTests {
    /// Stands in for a stage loop: says when it begins, and drains when it is to stop.
    private struct Loop: Service {
        let events: AsyncStream<String>.Continuation

        func run() async throws {
            events.yield("begun")
            // Told to stop, it is over; cancelled, it has drained nothing.
            do { try await gracefulShutdown() } catch {
                events.yield("cancelled")
                return
            }
            events.yield("drained")
        }
    }

    private let path: String

    init() throws { path = try TestDirectory.make("callback") + "/callback.sqlite" }

    private func pauses() async throws -> CallbackPauses {
        try await CallbackPauses(CallbackState(path: path), logger: .silent)
    }

    @Test func aPausedLoopDrainsAndBeginsAnew() async throws {
        let pauses = try await pauses()
        let (stream, events) = AsyncStream<String>.makeStream()
        let loop = PausableLoop(provider: "portal", pauses: pauses, loop: { Loop(events: events) })
        let group = ServiceGroup(services: [loop], logger: .silent)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = stream.makeAsyncIterator()
            #expect(await iterator.next() == "begun")
            try await pauses.pause("other", by: "Olu", why: nil)
            for _ in 0..<2 {
                try await pauses.pause("portal", by: "Olu", why: nil)
                #expect(await iterator.next() == "drained")
                try await pauses.resume("portal")
                #expect(await iterator.next() == "begun")
            }
            await group.triggerGracefulShutdown()
            #expect(await iterator.next() == "drained")
            try await tasks.waitForAll()
        }
    }

    /// What is paused stays so over a restart, and a process that stops meanwhile does not wait for the resumption.
    @Test func aPauseOutlastsTheProcess() async throws {
        try await pauses().pause("portal", by: "Olu", why: "they move")
        let pauses = try await pauses()
        let pause = try #require(pauses["portal"])
        #expect(pause.by == "Olu" && pause.why == "they move" && pauses.all == [pause])
        let (stream, events) = AsyncStream<String>.makeStream()
        let loop = PausableLoop(provider: "portal", pauses: pauses, loop: { Loop(events: events) })
        let group = ServiceGroup(services: [loop], logger: .silent)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        events.finish()
        for await event in stream { Issue.record("it has \(event)") }
    }

    @Test(arguments: StateDriver.allCases)
    func whatAnotherProcessWasToldCountsHereSoon(_ driver: StateDriver) async throws {
        try await driver.withPlace { place in
            let own = try await CallbackPauses(place.state(), logger: .silent)
            let other = try await CallbackPauses(place.state(), logger: .silent)
            try await exchange(own, other)
        }
    }

    private func exchange(_ own: CallbackPauses, _ other: CallbackPauses) async throws {
        let group = ServiceGroup(services: [own], logger: .silent)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await other.pause("portal", by: "Olu", why: nil)
            await own.wait(for: "portal", toBePaused: true)
            #expect(own["portal"]?.by == "Olu")
            try await other.resume("portal")
            await own.wait(for: "portal", toBePaused: false)
            #expect(own.all.isEmpty)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
