import Broker
import Foundation
import Logging
import Synchronization
import TestSupport
import Testing

@testable import ServiceRuntime

/// Replicas that share a rate over a real broker: each has a connection and a turn of its own.
@Suite(.timeLimit(.minutes(2))) struct ExclusiveQueueTests {
    private final class Moments: Sendable {
        private let all = Mutex<[ContinuousClock.Instant]>([])

        var noted: [ContinuousClock.Instant] { all.withLock { $0 } }

        func note() { all.withLock { $0.append(.now) } }
    }

    private func connection(_ node: BrokerNode, _ name: String) throws -> Connection {
        let configuration = ConnectionConfiguration(
            endpoints: [.init(host: "127.0.0.1", port: node.ports.amqp)],
            credentials: .plain(user: "guest", password: "guest"), name: name)
        return try Connection(configuration, logger: Logger.silent)
    }

    private func running(_ connections: [Connection], _ body: @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for connection in connections {
                group.addTask { try await connection.run() }
                for await status in connection.status.updates() { if case .connected = status { break } }
            }
            try await body()
            group.cancelAll()
        }
    }

    @Test func questionsOfTwoReplicasAreNeverCloserThanTheRateAllows() async throws {
        let node = try await BrokerNode.shared()
        let connections = try (1...2).map { try connection(node, "replica \($0)") }
        let queue = "turn-\(UUID().uuidString.lowercased())"
        let moments = Moments()
        try await running(connections) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for connection in connections {
                    // Five a second, so that the test is short.
                    let turn = DistributedRateLimiter(ExclusiveQueue(name: queue, connection: connection), perSecond: 5)
                    for _ in 0..<6 {
                        group.addTask { try await turn.perform { moments.note() } }
                    }
                }
                try await group.waitForAll()
            }
        }
        let asked = moments.noted
        #expect(asked.count == 12)
        for (one, next) in zip(asked, asked.dropFirst()) { #expect(one.duration(to: next) >= .milliseconds(200)) }
    }

    @Test func whoIsGoneInTheMiddleOfHisTurnLeavesItToTheOthers() async throws {
        let node = try await BrokerNode.shared()
        let queue = "turn-\(UUID().uuidString.lowercased())"
        let heir = try connection(node, "heir")
        try await running([heir]) {
            let gone = try connection(node, "gone")
            try await running([gone]) {
                _ = try await ExclusiveQueue(name: queue, connection: gone).hold()
                await #expect(throws: RateLimitRefusal.taken) {
                    try await ExclusiveQueue(name: queue, connection: heir).hold()
                }
            }
            let turn = DistributedRateLimiter(ExclusiveQueue(name: queue, connection: heir), perSecond: 20)
            #expect(try await turn.perform { true })
        }
    }

    @Test func withoutABrokerNobodyKnowsWhoseTurnItIs() async throws {
        let configuration = ConnectionConfiguration(
            // Port 1 belongs to nobody (tcpmux, RFC 1078).
            endpoints: [.init(host: "127.0.0.1", port: 1)], credentials: .plain(user: "guest", password: "guest"),
            name: "nobody")
        let connection = try Connection(configuration, logger: Logger.silent)
        let turn = DistributedRateLimiter(ExclusiveQueue(name: "turn", connection: connection), perSecond: 1)
        await #expect(throws: RateLimitRefusal.unknown) { try await turn.perform {} }
    }
}
