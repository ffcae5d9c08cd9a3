import Synchronization

/// How many messages may be under way. Whoever starts a batch waits until there is room for its share.
package final class Room: Sendable {
    private struct State {
        var free: Int
        var waiter: (share: Int, continuation: UnsafeContinuation<Void, Never>)?
    }

    private let state: Mutex<State>

    package init(_ size: Int) { state = Mutex(State(free: size)) }

    /// For one caller at a time. What is inside always leaves, so the wait ends.
    /// - Parameter share: at most the size.
    package func enter(_ share: Int) async {
        if state.withLock({ Self.take(share, &$0) }) { return }
        await withUnsafeContinuation { continuation in
            let isIn = state.withLock { state in
                // Not before: on the way in, somebody may leave.
                if Self.take(share, &state) { return true }
                state.waiter = (share, continuation)
                return false
            }
            if isIn { continuation.resume() }
        }
    }

    package func leave(_ share: Int) {
        let waiter = state.withLock { state -> UnsafeContinuation<Void, Never>? in
            state.free += share
            guard let waiter = state.waiter, Self.take(waiter.share, &state) else { return nil }
            state.waiter = nil
            return waiter.continuation
        }
        waiter?.resume()
    }

    private static func take(_ share: Int, _ state: inout State) -> Bool {
        guard state.free >= share else { return false }
        state.free -= share
        return true
    }
}
