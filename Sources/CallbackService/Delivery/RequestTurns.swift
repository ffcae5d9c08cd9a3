import Contracts
import Synchronization

/// One attempt at a time about a request: what is newer waits until what is older has been answered or given up, so
/// that they cannot cross on their way to the partner. It holds within the process.
final class RequestTurns: Sendable {
    /// Requests whose turn somebody has, with those who wait for it.
    private let taken = Mutex<[RequestID: [CheckedContinuation<Void, Never>]]>([:])

    /// Waits for the turn; `leave` gives it to the next in line.
    /// - Returns: whether somebody else had it.
    func enter(_ request: RequestID) async -> Bool {
        let isFree = taken.withLock { taken in
            guard taken[request] == nil else { return false }
            taken[request] = []
            return true
        }
        guard !isFree else { return false }
        // Nobody needs to cut it short: the attempt that is waited for ends within the partner's timeout, and at once
        // when the process stops.
        await withCheckedContinuation { continuation in
            let isFree = taken.withLock { taken in
                guard taken[request] != nil else {
                    taken[request] = []
                    return true
                }
                taken[request]?.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
        return true
    }

    func leave(_ request: RequestID) {
        let next = taken.withLock { taken -> CheckedContinuation<Void, Never>? in
            guard taken[request]?.isEmpty == false else {
                taken[request] = nil
                return nil
            }
            return taken[request]?.removeFirst()
        }
        next?.resume()
    }
}
