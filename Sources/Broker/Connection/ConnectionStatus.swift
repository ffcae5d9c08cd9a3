import Synchronization

/// Where a connection stands.
package enum ConnectionStatus: Sendable, Equatable {
    /// Never connected yet.
    case connecting
    case connected(ConnectionConfiguration.Endpoint)
    /// Connected, but the broker takes no publishes for now, with its reason (connection.blocked): memory or disk
    /// alarm.
    case blocked(reason: String)
    /// Lost or refused; the next attempt comes by itself.
    case disconnected(BrokerError)
    /// Shut down here.
    case closed
}

/// The connection's status for everyone else: readable from any thread, and a stream of changes.
package final class ConnectionStatusBoard: Sendable {
    private struct State {
        var status = ConnectionStatus.connecting
        var observers: [Int: AsyncStream<ConnectionStatus>.Continuation] = [:]
        var nextObserver = 0
    }

    private let state = Mutex(State())

    init() {}

    package var current: ConnectionStatus { state.withLock { $0.status } }

    /// The status now and each one that follows, ending after `closed`. A reader that falls behind by more than 64
    /// changes misses the oldest.
    package func updates() -> AsyncStream<ConnectionStatus> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ConnectionStatus.self, bufferingPolicy: .bufferingNewest(64))
        let (id, status) = state.withLock { state in
            state.nextObserver += 1
            state.observers[state.nextObserver] = continuation
            continuation.yield(state.status)
            return (state.nextObserver, state.status)
        }
        if status == .closed { continuation.finish() }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.observers.removeValue(forKey: id) }
        }
        return stream
    }

    func set(_ status: ConnectionStatus) {
        let observers = state.withLock { state in
            guard state.status != status else { return [AsyncStream<ConnectionStatus>.Continuation]() }
            state.status = status
            return Array(state.observers.values)
        }
        for observer in observers {
            observer.yield(status)
            if status == .closed { observer.finish() }
        }
    }
}
