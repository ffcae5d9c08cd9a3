import Synchronization
import TestSupport

@testable import Broker

/// Publishes without end, until told to finish, and knows what must have arrived: the messages 0, 1, 2, ….
final class Load: Sendable {
    private let connection: Connection
    private let queue: String
    private let nextNumber = Atomic<Int>(0)
    private let confirmed = Counter()
    private let received = Mutex<Set<String>>([])
    private let isFinished = Atomic<Bool>(false)
    /// How many messages there are, when no more come.
    private let total = Atomic<Int>(.max)

    init(_ connection: Connection, queue: String) {
        self.connection = connection
        self.queue = queue
    }

    /// - Parameter publishers: how many publishes are under way at a time.
    /// - Returns: how many messages were confirmed: all of them.
    /// - Throws: what the first publish that failed did.
    func run(publishers: Int) async throws -> Int {
        try await within(.seconds(90), "the load") { [self] in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<publishers {
                    group.addTask { [self] in
                        while !isFinished.load(ordering: .relaxed) {
                            let number = nextNumber.add(1, ordering: .relaxed).oldValue
                            try await publish(number)
                            confirmed.increment()
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        total.store(nextNumber.load(ordering: .relaxed), ordering: .relaxed)
        return confirmed.value
    }

    /// A quorum queue that has no leader at the moment refuses; whoever publishes tries again.
    private func publish(_ number: Int) async throws {
        while true {
            do {
                return try await connection.publish(.test("\(number)"), queue: queue)
            } catch let error as BrokerError where error.code == .refused {}
        }
    }

    /// Takes and acknowledges deliveries until every message has come at least once.
    /// - Returns: the ids that came.
    func collect(from consumption: Consumption, of consumer: Connection) async throws -> Set<String> {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                for await delivery in consumption {
                    consumer.acknowledge(delivery)
                    _ = received.withLock { $0.insert(delivery.message.properties.messageID ?? "") }
                }
            }
            try await eventually("every message has come", within: .seconds(90)) { [self] in
                received.withLock { $0.count } >= total.load(ordering: .relaxed)
            }
            group.cancelAll()
        }
        return received.withLock { $0 }
    }

    /// Waits until some more are confirmed.
    func goesOn() async throws {
        let goal = confirmed.value + 200
        try await eventually("more confirms") { confirmed.value >= goal }
    }

    func finish() { isFinished.store(true, ordering: .relaxed) }
}
