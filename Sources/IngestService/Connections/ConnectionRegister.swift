import HummingbirdCore
import NIOCore
import Synchronization

/// Asks a connection to close if it still waits for a request.
struct MakeRoom: Sendable {}

/// Counts the connections, and knows which of them wait for a request.
///
/// When there are as many as may be, the one that has waited longest makes room for each new one. When none waits, no more
/// are accepted until one does or closes.
final class ConnectionRegister: Sendable {
    private struct State {
        var count = 0
        var isFull = false
        var nextTurn = 0
        /// Those that wait, each with when its turn is.
        var waiting: [ObjectIdentifier: (turn: Int, channel: any Channel)] = [:]
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    /// A connection waits for a request from now on.
    func waits(_ channel: any Channel) {
        let mustClose = state.withLock { state in
            if state.isFull {
                state.isFull = false
                return true
            }
            state.nextTurn += 1
            state.waiting[ObjectIdentifier(channel)] = (state.nextTurn, channel)
            return false
        }
        if mustClose { channel.close(promise: nil) }
    }

    /// A connection has a request now, or is gone.
    func works(_ channel: any Channel) { state.withLock { _ = $0.waiting.removeValue(forKey: ObjectIdentifier(channel)) } }

    func opened() { state.withLock { $0.count += 1 } }
    func closed() { state.withLock { $0.count -= 1 } }
    var count: Int { state.withLock { $0.count } }

    /// - Returns: whether one more may be accepted.
    func hasRoom() -> Bool {
        let (hasRoom, oldest): (Bool, (any Channel)?) = state.withLock { state in
            guard state.count >= limit else { return (true, nil) }
            // Rare, and then as long as the list: a thousandth of what accepting costs.
            guard let oldest = state.waiting.min(by: { $0.value.turn < $1.value.turn }) else {
                state.isFull = true
                return (false, nil)
            }
            state.waiting[oldest.key] = nil
            return (true, oldest.value.channel)
        }
        oldest?.pipeline.fireUserInboundEventTriggered(MakeRoom())
        return hasRoom
    }
}

/// What the server asks before it accepts a connection.
struct RegisteredConnections: AvailableConnectionsDelegate {
    let register: ConnectionRegister

    func connectionOpened() { register.opened() }
    func connectionClosed() { register.closed() }
    func isAcceptingNewConnections() -> Bool { register.hasRoom() }
}
