package import Broker

/// A right that one of many processes holds at a time.
package protocol Lease: Sendable {
    /// Takes the lease, or makes sure that it is still held.
    /// - Returns: since which beginning it is held without a gap; another number than the time before when somebody
    ///   else may have had it between.
    /// - Throws: see `RateLimitRefusal`: `taken` and `unknown`.
    func hold() async throws(RateLimitRefusal) -> Int

    /// Gives it back. What cannot be given back ends by itself.
    func release() async
}

/// Why the rate does not allow a question now.
package enum RateLimitRefusal: Error, Sendable, Equatable {
    /// Another one has the lease.
    case taken
    /// Nobody can be asked who has it.
    case unknown
    /// Too many wait for it, or it took too long.
    case crowded
    /// The caller was cancelled, or the process stops.
    case stopping
}

/// The lease as a queue of one connection alone: replicas share nothing but the broker. It frees the queue of a
/// connection that ends, so that a crash leaves nobody waiting for ever.
package struct ExclusiveQueue: Lease {
    private let name: String
    private let connection: Connection

    package init(name: String, connection: Connection) {
        self.name = name
        self.connection = connection
    }

    package func hold() async throws(RateLimitRefusal) -> Int {
        do throws(BrokerError) {
            return try await connection.hold(exclusiveQueue: name)
        } catch {
            throw error.replyCode == Self.resourceLocked ? .taken : .unknown
        }
    }

    package func release() async {
        // It fails when the connection is gone, and the lease with it.
        try? await connection.deleteQueue(name)
    }

    /// AMQP 0-9-1, section 1.3.
    private static let resourceLocked: UInt16 = 405
}
