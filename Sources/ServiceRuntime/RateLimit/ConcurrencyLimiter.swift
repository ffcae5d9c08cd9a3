import DequeModule
import ServiceLifecycle
import Synchronization

/// Lets so many in at a time; the others wait in the order in which they came, and no more than so many.
package final class ConcurrencyLimiter: Sendable {
    package enum Refusal: Error, Sendable, Equatable {
        /// As many wait as may.
        case full
        /// The caller was cancelled, or the process stops.
        case stopping
    }

    private struct Waiter {
        var id: Int
        var continuation: CheckedContinuation<Result<Void, Refusal>, Never>
    }

    private struct State {
        var free: Int
        var nextID = 0
        var waiting: Deque<Waiter> = []
    }

    private let longest: Int
    private let state: Mutex<State>

    /// - Parameters:
    ///   - places: how many are let in at a time, from 1.
    ///   - longest: how many wait at most.
    package init(places: Int, longest: Int) {
        self.longest = longest
        state = Mutex(State(free: max(1, places)))
    }

    /// How many wait.
    package var length: Int { state.withLock { $0.waiting.count } }

    /// Waits to be let in. Whoever was must `leave()`.
    package func enter() async throws(Refusal) {
        if takePlace() { return }
        try await cancelWhenGracefulShutdown { await self.wait() }.get()
    }

    /// Lets in who has waited longest.
    package func leave() {
        let next = state.withLock { state in
            guard let next = state.waiting.popFirst() else {
                state.free += 1
                return nil as Waiter?
            }
            return next
        }
        next?.continuation.resume(returning: .success(()))
    }

    private func takePlace() -> Bool {
        state.withLock { state in
            guard state.free > 0 else { return false }
            state.free -= 1
            return true
        }
    }

    private func wait() async -> Result<Void, Refusal> {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if let result = join(Waiter(id: id, continuation: continuation)) {
                    continuation.resume(returning: result)
                }
            }
        } onCancel: {
            giveUp(id)
        }
    }

    /// - Returns: what there is to tell at once; `nil` when the waiter waits.
    private func join(_ waiter: Waiter) -> Result<Void, Refusal>? {
        state.withLock { state in
            // Under the lock that `giveUp` takes: a cancellation is seen here or finds the waiter there.
            if Task.isCancelled { return .failure(.stopping) }
            if state.free > 0 {
                state.free -= 1
                return .success(())
            }
            guard state.waiting.count < longest else { return .failure(.full) }
            state.waiting.append(waiter)
            return nil
        }
    }

    private func giveUp(_ id: Int) {
        let waiter = state.withLock { state in
            state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0) }
        }
        waiter?.continuation.resume(returning: .failure(.stopping))
    }
}
