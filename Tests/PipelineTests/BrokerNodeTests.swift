import TestSupport
import Testing

/// The harness itself: what the other suites trust it with.
///
/// A private RabbitMQ node.
@Suite(.serialized)
struct BrokerNodeTests {
    /// Keeps durable messages through SIGKILL, and serves the same ports again.
    @Test
    func keepsDurableMessagesThroughSIGKILL() async throws {
        let node = try await BrokerNode.start()
        let queue = "kept.geocode"
        try await node.management.declareQuorumQueue(queue)
        try await node.saveDeclarations()
        for number in UInt8(0)..<20 {
            #expect(
                try await node.management.publish([number, 0xff], routingKey: queue, headers: ["number": "\(number)"]))
        }

        try await node.kill()
        await #expect(throws: (any Error).self) { try await node.management.queues() }
        try await node.restart()

        let messages = try await eventually("the queue is back", processes: [await node.childProcess]) {
            let found = try await node.management.messages(in: queue)
            return found.isEmpty ? nil : found
        }
        #expect(messages.map(\.body) == (UInt8(0)..<20).map { [$0, 0xff] })
        #expect(messages.map { $0.headers["number"] } == (0..<20).map(String.init))
        #expect(try await node.stop() == .exited(0))
    }

    /// Two run side by side, each with its own queues.
    @Test
    func twoRunSideBySide() async throws {
        async let first = BrokerNode.start()
        async let second = BrokerNode.start()
        let nodes = try await [first, second]
        try await nodes[0].management.declareQuorumQueue("only.first")
        #expect(try await nodes[0].management.queue("only.first") != nil)
        #expect(try await nodes[1].management.queue("only.first") == nil)
        for node in nodes { #expect(try await node.stop() == .exited(0)) }
    }

    /// A stage's queue has a delivery limit by policy, those where messages wait another, its dead queue none.
    @Test
    func aStagesQueueHasADeliveryLimitByPolicy() async throws {
        let management = try await BrokerNode.shared().management
        for name in ["policy.geocode", "policy.geocode.retry.5s", "policy.geocode.dead"] {
            try await management.declareQuorumQueue(name)
        }
        func policy(_ name: String) async throws -> String? { try await management.queue(name)?.policy }
        try await eventually("the policy applies") { try await policy("policy.geocode") == "intake-delivery-limit" }
        #expect(try await policy("policy.geocode.retry.5s") == "intake-waiting")
        #expect(try await policy("policy.geocode.dead") ?? "" == "")
        for name in ["policy.geocode", "policy.geocode.retry.5s", "policy.geocode.dead"] {
            try await management.deleteQueue(name)
        }
    }

    @Test
    func raisesAndClearsItsMemoryAlarmOnDemand() async throws {
        let node = try await BrokerNode.start()
        #expect(try await !node.management.hasAlarm())
        try await node.raiseMemoryAlarm()
        #expect(try await node.management.hasAlarm())
        try await node.clearMemoryAlarm()
        #expect(try await !node.management.hasAlarm())
        try await node.kill()
    }

    @Test
    func aProcessThatEndsTooEarlyIsAFailureWithTheEndOfItsLog() async throws {
        let directory = try TestDirectory.make("early-end")
        let child = try ChildProcess(
            name: "quitter", command: ["/bin/sh", "-c", "echo out of order; exit 3"], logPath: "\(directory)/log")
        let failure = await #expect(throws: DeadlinePassed.self) {
            try await eventually("nothing", processes: [child]) { false }
        }
        #expect(failure?.description.contains("quitter exited with 3") == true)
        #expect(failure?.description.contains("out of order") == true)
    }

    @Test
    func aTetheredProcessDiesWhenItsInputEnds() async throws {
        let directory = try TestDirectory.make("tether")
        // The pipe's writer ends first, as a crashed test process would.
        let script = #"sleep 0.1 | "$0" /bin/sh -c 'echo alive; exec sleep 600'"#
        let child = try ChildProcess(
            name: "tethered", command: ["/bin/bash", "-c", script, Repository.path("deploy/tethered")],
            logPath: "\(directory)/log")
        // 128 + SIGKILL, as a shell reports it.
        #expect(try await child.end(within: .seconds(20)) == .exited(137))
        #expect(child.logTail().contains("alive"))
    }
}
