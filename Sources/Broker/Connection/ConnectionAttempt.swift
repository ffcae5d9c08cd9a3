import Synchronization

/// Makes a connection on a thread of its own: name resolution, TCP, TLS and the handshake block, and meanwhile the
/// actor's thread is to take publishes, cancellations and the order to stop.
enum ConnectionAttempt {
    /// A connection on its way from one thread to the other. One that nobody takes is closed.
    final class Success: Sendable {
        private let connection: Mutex<LibraryConnection?>

        init(_ connection: consuming sending LibraryConnection) { self.connection = Mutex(connection) }

        /// - Returns: the connection, the first time.
        func take() -> sending LibraryConnection? { connection.withLock { $0.take() } }
    }

    /// - Parameter ended: called on the attempt's thread, with `connectFailed`, `accessRefused` or `badConfiguration`
    ///   if it failed.
    /// - Throws: `connectFailed` when the system has no thread left.
    static func start(
        _ configuration: ConnectionConfiguration, endpoint: ConnectionConfiguration.Endpoint,
        ended: @escaping @Sendable (Result<Success, BrokerError>) -> Void
    ) throws(BrokerError) {
        try SystemThread.detach {
            do throws(BrokerError) {
                let connection = try LibraryConnection.open(configuration, endpoint: endpoint)
                ended(.success(Success(connection)))
            } catch {
                ended(.failure(error))
            }
        }
    }
}
