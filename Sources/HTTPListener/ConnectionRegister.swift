import HummingbirdCore
import Logging
import Metrics
import NIOCore
import Synchronization

/// Asks a connection to close if it still waits for a request.
struct MakeRoom: Sendable {}

/// Counts the connections of a listener, and knows which of them wait for a request.
///
/// When there are as many as may be, the one that has waited longest makes room for each new one. One that has just
/// been accepted does not until it has had a moment to ask: else the last place would be of no use to anybody while the
/// others are at work. When none can make room, no more are accepted until one does or closes; the log, the metric and
/// the readiness of the process say so.
final class ConnectionRegister: Sendable {
    private struct State {
        var count = 0
        /// Those that were asked to close and have not closed yet. One that got a request instead is among them until
        /// any other closes.
        var leaving = 0
        var isFull = false
        /// When it was last said that there is no room.
        var saidFull: ContinuousClock.Instant?
        var nextTurn = 0
        /// Those that wait, each with when its turn is, and whether it has just been accepted.
        var waiting: [ObjectIdentifier: (turn: Int, isNew: Bool, channel: any Channel)] = [:]

        mutating func add(_ channel: any Channel, isNew: Bool) {
            nextTurn += 1
            waiting[ObjectIdentifier(channel)] = (nextTurn, isNew, channel)
        }
    }

    /// Connections come and go many times a second while there is no room: the log says so once in this time.
    private static let silence = Duration.seconds(10)

    private let name: String
    private let limit: Int
    private let logger: Logger
    private let open: Gauge
    private let refusals: Counter
    private let state = Mutex(State())

    /// - Parameter name: the listener's in logs and metrics.
    init(_ name: String, limit: Int, logger: Logger) {
        self.name = name
        self.limit = limit
        self.logger = logger
        open = Gauge(label: "intake_http_connections", dimensions: [("listener", name)])
        refusals = Counter(label: "intake_http_full_total", dimensions: [("listener", name)])
    }

    /// A connection waits for its first request. `settles` must follow.
    func arrives(_ channel: any Channel) { state.withLock { $0.add(channel, isNew: true) } }

    /// A connection has had its moment: it makes room like any other if it still waits.
    func settles(_ channel: any Channel) {
        let isNew = state.withLock { $0.waiting[ObjectIdentifier(channel)]?.isNew ?? false }
        if isNew { waits(channel) }
    }

    /// A connection waits for a request from now on.
    func waits(_ channel: any Channel) {
        let mustClose = state.withLock { state in
            // One too many may have been let in when nobody could make room.
            guard state.isFull || state.count - state.leaving > limit else {
                state.add(channel, isNew: false)
                return false
            }
            state.isFull = false
            state.waiting[ObjectIdentifier(channel)] = nil
            state.leaving += 1
            return true
        }
        if mustClose { channel.close(promise: nil) }
    }

    /// A connection has a request now, or is gone.
    func works(_ channel: any Channel) {
        state.withLock { _ = $0.waiting.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    /// A connection was accepted. The server accepts a few at a time, so that there can be one too many now.
    func opened() {
        makeRoom { state in
            state.count += 1
            open.record(state.count)
            return state.count - state.leaving > limit
        }
    }

    func closed() {
        state.withLock { state in
            state.count -= 1
            open.record(state.count)
            state.isFull = false
            state.leaving = max(0, state.leaving - 1)
        }
    }

    var count: Int { state.withLock { $0.count } }

    /// Why nobody is let in, in one line; `nil` when there is room, or one who can make it.
    var problem: String? {
        state.withLock { $0.isFull ? "takes no connections: all \(limit) that may be open are at work" : nil }
    }

    /// - Returns: whether one more may be accepted.
    func hasRoom() -> Bool { makeRoom { $0.count - $0.leaving >= limit } }

    /// Asks the one that has waited longest to close, if that is needed.
    /// - Returns: whether there is room.
    @discardableResult
    private func makeRoom(ifNeeded isNeeded: (inout State) -> Bool) -> Bool {
        var mustBeSaid = false
        let (hasRoom, oldest): (Bool, (any Channel)?) = state.withLock { state in
            guard isNeeded(&state) else { return (true, nil) }
            // As long as the list, and only when there are too many: little beside what accepting costs.
            guard
                let oldest = state.waiting.lazy.filter({ !$0.value.isNew })
                    .min(by: { $0.value.turn < $1.value.turn })
            else {
                state.isFull = true
                let now = ContinuousClock.now
                mustBeSaid = state.saidFull.map { $0 + Self.silence <= now } ?? true
                if mustBeSaid { state.saidFull = now }
                return (false, nil)
            }
            state.waiting[oldest.key] = nil
            state.leaving += 1
            return (true, oldest.value.channel)
        }
        if !hasRoom { refusals.increment() }
        if mustBeSaid {
            logger.warning(
                "A listener takes no more connections: all that may be open are at work.",
                metadata: ["listener": "\(name)", "connections": "\(limit)"])
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
