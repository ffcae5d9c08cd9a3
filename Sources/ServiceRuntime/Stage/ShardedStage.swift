import Broker
import Contracts
import Logging
import ServiceLifecycle
import Synchronization

/// Consumes all shards of a stage: a loop for each, and all of them together have as much in hand as one would.
///
/// It declares those that it is configured for. Those that others have brought, before or now, it finds: whoever brings
/// a shard also consumes the stage's own queue, so it looks again whenever the number of that queue's consumers has
/// changed, and with each new connection. That number is to be had without a line in the broker's log, the news that a
/// queue is not there is not.
struct ShardedStage: Service {
    let stage: Stage
    let topology: Topology
    let connection: Connection
    /// Whether it may declare.
    let declares: Bool
    let share: ShardShare
    let logger: Logger
    var interval = Duration.seconds(5)
    /// Makes the loop for a queue.
    let loop: @Sendable (_ queue: String) -> any Service

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            let own = loop(topology.queue(stage))
            // Each loop is a task of its own to the end of the process; one that fails ends them all, and the process.
            group.addTask { try await own.run() }
            var served = 1
            var seen: (life: Int, consumers: Int)?
            var wanted = topology.shards
            while await isConnected() {
                if wanted > served {
                    share.grow(to: wanted)
                    for number in served + 1...wanted {
                        if declares {
                            await connection.add(
                                TopologyDeclaration(topology.declarations(forShard: number, of: stage)))
                        }
                        let loop = loop(topology.shard(number, of: stage))
                        group.addTask { try await loop.run() }
                    }
                    served = wanted
                }
                guard await pause() else { break }
                do throws(BrokerError) {
                    let life = await connection.life
                    let consumers = try await connection.depth(ofQueue: topology.queue(stage)).consumers
                    if let seen, seen == (life, consumers) { continue }
                    wanted = served + (try await found(after: served))
                    seen = (life, consumers)
                } catch {
                    // The connection is away, or the queue: when it is back there is a next time.
                    continue
                }
                if wanted > served {
                    logger.notice(
                        "There are more shards than configured: all are consumed",
                        metadata: ["configured": "\(topology.shards)", "there": "\(wanted)"])
                }
            }
            try await group.waitForAll()
        }
    }

    /// How many more there are.
    private func found(after served: Int) async throws(BrokerError) -> Int {
        guard served < Topology.mostShards else { return 0 }
        return try await connection.count(
            ofQueues: (served + 1...Topology.mostShards).map { topology.shard($0, of: stage) })
    }

    /// Waits until the connection stands, and all is declared that was to be.
    /// - Returns: `false` when the process stops.
    private func isConnected() async -> Bool {
        for await status in connection.status.updates().cancelOnGracefulShutdown() {
            switch status {
            case .connected, .blocked: return true
            case .connecting, .disconnected: continue
            case .closed: return false
            }
        }
        return false
    }

    /// - Returns: `false` when the process stops.
    private func pause() async -> Bool {
        // Only the end of the process ends the wait.
        (try? await cancelWhenGracefulShutdown { try await Task.sleep(for: interval) }) != nil
    }
}

/// What a process may have in hand of a stage, in equal parts for each queue that it comes from: requests are spread
/// evenly.
final class ShardShare: Sendable {
    private let concurrency: Int
    private let shards = Atomic(1)

    init(_ concurrency: Int) { self.concurrency = concurrency }

    /// Messages in hand at a time from one of the queues.
    var each: Int {
        let shards = shards.load(ordering: .relaxed)
        return max(1, (concurrency + shards - 1) / shards)
    }

    func grow(to count: Int) { shards.store(count, ordering: .relaxed) }

    /// Waits a moment before a message is worked on that has come back more than once. The loops of the other shards
    /// have one each in hand at that time, and if this one kills the process each time, theirs are to be done by then
    /// at least once: else they would come back as often, and die with it.
    func keepApart(returns: Int) async {
        guard returns > 1, shards.load(ordering: .relaxed) > 1 else { return }
        let most = Duration.milliseconds(50) * min(returns, 20)
        // Cut short when the process ends.
        try? await Task.sleep(for: most * Double.random(in: 0...1))
    }
}
