import BrokerNode
import Synchronization
import Testing

@testable import Broker

/// See `Connection` about what its methods cannot rely on.
@Suite("What happens between two jobs of a connection", .timeLimit(.minutes(1)))
struct InterleavingTests {
    /// Runs work between any two jobs of a connection.
    private final class Intruder: Sendable {
        private let connection: Connection
        private let isOver = Atomic<Bool>(false)

        init(_ connection: Connection, _ work: @escaping @Sendable (isolated Connection) -> Void) {
            self.connection = connection
            enter(work)
        }

        private func enter(_ work: @escaping @Sendable (isolated Connection) -> Void) {
            connection.thread.perform { [self] in
                guard !isOver.load(ordering: .relaxed) else { return }
                connection.assumeIsolated(work)
                enter(work)
            }
        }

        func leave() { isOver.store(true, ordering: .relaxed) }
    }

    @Test("an incident is never overlooked, whenever it comes", arguments: 1...5)
    func incidents(_ pace: Int) async throws {
        let connection = try Connection(.unreachable(), logger: .test)
        let visits = Counter()
        let overlooked = Counter()
        try await running(connection) {
            let intruder = Intruder(connection) { connection in
                visits.increment()
                if connection.incidentWaiter != nil, !connection.incidents.isEmpty { overlooked.increment() }
                if visits.value.isMultiple(of: pace) { connection.post(.publishesSettled) }
            }
            defer { intruder.leave() }
            try await eventually("many visits") { visits.value >= 5_000 }
        }
        #expect(overlooked.value == 0)
    }

    /// Counts the intruder's visits from a moment on.
    private final class Countdown: Sendable {
        private let left = Mutex<Int?>(nil)

        func start(_ visits: Int) { left.withLock { $0 = visits } }

        /// - Returns: whether this is the visit that was asked for.
        func visit() -> Bool {
            left.withLock { left in
                let isTime = left == 0
                left = isTime ? nil : left.map { $0 - 1 }
                return isTime
            }
        }
    }

    /// A publish on a connection that never comes about, and work that is done once, so many jobs after its beginning.
    /// - Throws: what the publish does.
    private func publish(
        _ connection: Connection, at moment: Int,
        work: @escaping @Sendable (isolated Connection, Task<Void, Never>) -> Void
    ) async throws {
        let countdown = Countdown()
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        let (ends, end) = AsyncStream.makeStream(of: Result<Void, any Error>.self)
        let publishing = Task {
            for await _ in gate {}
            do {
                end.yield(.success(try await connection.publish { countdown.start(moment) }))
            } catch {
                end.yield(.failure(error))
            }
        }
        let intruder = Intruder(connection) { if countdown.visit() { work($0, publishing) } }
        defer { intruder.leave() }
        opener.finish()
        try await next("the end of the publish", of: ends)?.get()
    }

    @Test("a publish that is cancelled ends", arguments: 0...6)
    func cancellation(_ moment: Int) async throws {
        let connection = try Connection(.unreachable(), logger: .test)
        await #expect(throws: CancellationError.self) {
            try await publish(connection, at: moment) { $1.cancel() }
        }
        #expect(await connection.waitingPublishes == 0)
    }

    @Test("a publish does not begin to wait when the connection is being shut down", arguments: 0...6)
    func stopping(_ moment: Int) async throws {
        let connection = try Connection(.unreachable(), logger: .test)
        let error = await #expect(throws: (any Error).self) {
            try await publish(connection, at: moment) { connection, publishing in
                connection.isStopping = true
                // What waits already is for the shutdown to end.
                if !connection.publishes.isEmpty { publishing.cancel() }
            }
        }
        #expect(error is CancellationError || (error as? BrokerError)?.code == .closed)
        #expect(await connection.waitingPublishes == 0)
    }
}

extension Connection {
    /// Says when it begins, on the connection's thread.
    fileprivate func publish(_ begins: @Sendable () -> Void) async throws {
        begins()
        try await publish(.test("1"), exchange: "", routingKey: "q")
    }
}
