import TestSupport
import Testing

@testable import Broker

/// A queue as a right that one connection has at a time.
///
/// Holding an exclusive queue.
@Suite(.timeLimit(.minutes(2)))
struct HoldingTests {
    @Test
    func oneAtATime() async throws {
        let broker = try await TestBroker.shared()
        let (name, own) = (broker.queue("turn"), broker.queue("own"))
        let first = try broker.connection("first")
        let second = try broker.connection("second", queues: [own])
        try await running(first, second) {
            try await first.status("connected", isWanted: \.isConnected)
            try await second.status("connected", isWanted: \.isConnected)
            let life = try await first.hold(exclusiveQueue: name)
            #expect(try await first.hold(exclusiveQueue: name) == life)
            let refusal = await #expect(throws: BrokerError.self) { try await second.hold(exclusiveQueue: name) }
            #expect(refusal?.replyCode == 405)
            // The refusal has cost a channel and nothing else.
            try await second.publish(.test("still here"), queue: own)
            #expect(second.status.current.isConnected)
            try await first.deleteQueue(name)
            _ = try await second.hold(exclusiveQueue: name)
            await #expect(throws: BrokerError.self) { try await first.hold(exclusiveQueue: name) }
            try await second.deleteQueue(own)
        }
    }

    @Test
    func endsWithTheConnection() async throws {
        let broker = try await TestBroker.shared()
        let name = broker.queue("turn")
        let first = try broker.connection("holder")
        let second = try broker.connection("heir")
        try await running(first, second) {
            try await first.status("connected", isWanted: \.isConnected)
            try await second.status("connected", isWanted: \.isConnected)
            let life = try await first.hold(exclusiveQueue: name)
            let updates = first.status.updates()
            try await broker.node.management.closeConnection(try await broker.shownName("holder"))
            _ = await updates.first(where: \.isDisconnected)
            try await first.status("connected again", isWanted: \.isConnected)
            _ = try await second.hold(exclusiveQueue: name)
            try await second.deleteQueue(name)
            #expect(try await first.hold(exclusiveQueue: name) != life)
        }
    }

    @Test
    func withoutAConnectionNothingIsHeld() async throws {
        let connection = try Connection(.unreachable(), logger: .test)
        let failure = await #expect(throws: BrokerError.self) { try await connection.hold(exclusiveQueue: "turn") }
        #expect(failure?.code == .connectionLost)
    }
}
