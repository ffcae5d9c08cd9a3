import Foundation
import Testing

@testable import Broker

/// How much goes through one connection. Not a test: `INTAKE_BENCH=1 swift test -c release --filter ThroughputBench`.
///
/// Throughput of one connection.
@Suite(
    .serialized,
    .enabled(if: ProcessInfo.processInfo.environment["INTAKE_BENCH"] == "1"), .timeLimit(.minutes(5)))
struct ThroughputBench {
    private static let count = 200_000

    /// Publishes, confirmed, and deliveries, acknowledged, to and from a quorum queue.
    @Test(arguments: [100, 1_000])
    func publishesAndDeliveriesOverAQuorumQueue(_ window: Int) async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        let message = Message.test("0190b5f0-0000-7000-8000-000000000000", body: [UInt8](repeating: 120, count: 500))
        try await running(connection) {
            try await connection.status("connected", isWanted: \.isConnected)
            let clock = ContinuousClock()
            let published = try await clock.measure {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<window {
                        group.addTask {
                            for _ in 0..<Self.count / window { try await connection.publish(message, queue: queue) }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            report("confirmed publishes/s, \(window) in flight", published)

            let consumption = await connection.consume(queue: queue, prefetch: window)
            let delivered = await clock.measure {
                var taken = 0
                for await delivery in consumption {
                    connection.acknowledge(delivery)
                    taken += 1
                    if taken == Self.count { break }
                }
            }
            report("acknowledged deliveries/s, prefetch \(window)", delivered)
            try await connection.deleteQueue(queue)
        }
    }

    private func report(_ what: String, _ duration: Duration) {
        print("\(what): \(Int(Double(Self.count) / (duration / .seconds(1))))")
    }
}
