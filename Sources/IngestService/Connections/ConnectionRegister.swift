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
        /// Those that were asked to close and have not closed yet. One that got a request instead is among them until any
        /// other closes.
        var leaving = 0
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

    /// A connection was accepted. The server accepts a few at a time, so that there can be one too many now.
    func opened() {
        makeRoom { state in
            state.count += 1
            return state.count - state.leaving > limit
        }
    }

    func closed() {
        state.withLock { state in
            state.count -= 1
            state.isFull = false
            state.leaving = max(0, state.leaving - 1)
        }
    }

    var count: Int { state.withLock { $0.count } }

    /// - Returns: whether one more may be accepted.
    func hasRoom() -> Bool { makeRoom { $0.count - $0.leaving >= limit } }

    /// Asks the one that has waited longest to close, if that is needed.
    /// - Returns: whether there is room.
    @discardableResult
    private func makeRoom(ifNeeded isNeeded: (inout State) -> Bool) -> Bool {
        let (hasRoom, oldest): (Bool, (any Channel)?) = state.withLock { state in
            guard isNeeded(&state) else { return (true, nil) }
            // As long as the list, and only when there are too many: little beside what accepting costs.
            guard let oldest = state.waiting.min(by: { $0.value.turn < $1.value.turn }) else {
                state.isFull = true
                return (false, nil)
            }
            state.waiting[oldest.key] = nil
            state.leaving += 1
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
