import Contracts
import Foundation
import Logging
import ServiceLifecycle
import ServiceRuntime
import TestSupport
import Testing

@testable import CallbackService

@Suite(.timeLimit(.minutes(1))) struct CallbackDispatchTests {
    /// Stands in for a stage loop: runs until it is to stop.
    private struct Waiting: Service {
        let lane: CallbackLane
        let started: AsyncStream<CallbackLane>.Continuation
        let stopped: Recorder<String>

        func run() async throws {
            started.yield(lane)
            // Cancelled or told to stop, it is over.
            try? await gracefulShutdown()
            stopped.add(lane.queue)
        }
    }

    private let path = FileManager.default.temporaryDirectory.appending(path: "intake-\(UUID().uuidString).yaml").path

    private func write(_ providers: [String]) throws {
        let lines = providers.map { "  \($0):\n    url: http://127.0.0.1:1/{providerRequestId}\n    timeout: 1s\n" }
        try Data(("providers:\n" + lines.joined()).utf8).write(to: URL(filePath: path), options: .atomic)
    }

    private func file() throws -> ReloadingFile<Partners> {
        try ReloadingFile(path: path) { bytes throws(FileProblems) in
            let names = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter {
                $0.hasPrefix("  ") && !$0.hasPrefix("    ")
            }.map { String($0.dropFirst(2).dropLast()) }
            guard let partner = try? Partner.fixture("http://127.0.0.1:1/{providerRequestId}") else {
                throw FileProblems(["no fixture"])
            }
            return Partners(byID: Dictionary(uniqueKeysWithValues: names.map { ($0, partner) }))
        }
    }

    @Test func eachProviderHasALoopAndANewOneGetsItsOwnAtOnce() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try write(["portal", "other", "dead"])
        let file = try file()
        let (lanes, started) = AsyncStream<CallbackLane>.makeStream()
        let (stopped, declared) = (Recorder<String>(), Recorder<String>())
        let dispatch = CallbackDispatch(
            partners: file, concurrency: 7, topology: Topology(),
            logger: Logger.silent,
            declare: { for queue in $0.queues { declared.add(queue.name) } },
            loop: { Waiting(lane: $0, started: started, stopped: stopped) })
        let group = ServiceGroup(
            services: [dispatch], logger: Logger.silent)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = lanes.makeAsyncIterator()
            var queues: Set<String> = []
            for _ in 0..<3 {
                let lane = try #require(await iterator.next())
                queues.insert(lane.queue)
                #expect(lane.concurrency == 7)
                #expect((lane.endpoint == nil) == (lane.queue == "intake.callback"))
            }
            #expect(queues == ["intake.callback", "intake.callback.portal", "intake.callback.other"])
            // One leaves, one comes: only the new one is started.
            try write(["portal", "newcomer"])
            file.reload()
            #expect(await iterator.next()?.queue == "intake.callback.newcomer")
            #expect(dispatch.endpoint(of: "other") != nil && dispatch.endpoint(of: "dead") == nil)
            #expect(dispatch.degraded.isEmpty)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(Set(stopped.all).count == 4, "all loops have drained")
        #expect(declared.all.sorted() == queues(["newcomer", "other", "portal"]))
    }

    /// How many may be in hand by the rate, the endpoint's guard says.
    @Test func aLaneHasThePartnersConcurrencyOrTheCommonOne() throws {
        let logger = Logger.silent
        var partner = try Partner.fixture("http://127.0.0.1:1/{providerRequestId}")
        func concurrency() -> Int {
            CallbackLane(
                of: "portal", partner, concurrency: 256, queue: "q", organizations: PartnerOrganizations(),
                logger: logger
            ).concurrency
        }
        #expect(concurrency() == 256)
        partner.rate = 0.5
        #expect(concurrency() == 256)
        partner.concurrency = 3
        #expect(concurrency() == 3)
    }

    private func queues(_ providers: [String]) -> [String] { providers.map { "intake.callback.\($0)" } }
}
