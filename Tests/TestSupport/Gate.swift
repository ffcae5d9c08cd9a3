import Synchronization

/// Closed at first, then open for ever; any number of tasks may wait.
package final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [AsyncStream<Never>.Continuation] = []
    }

    private let state = Mutex(State())

    package init() {}

    package var isOpen: Bool { state.withLock(\.isOpen) }

    package func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.finish() }
    }

    /// Returns when it has been opened, or at cancellation.
    package func wait() async {
        let opening = AsyncStream<Never>.makeStream()
        let isOpen = state.withLock { state in
            if !state.isOpen { state.waiting.append(opening.continuation) }
            return state.isOpen
        }
        if isOpen { return }
        for await _ in opening.stream {}
    }
}
