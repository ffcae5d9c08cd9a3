import Contracts
import Hummingbird

/// Holds a request open until a job has changed, see `WaitPreference`.
struct JobWaiting: Sendable {
    var waiters: JobWaiters
    /// Whether a client that goes away ends its waiting. Only a server with a socket can tell; the connection is closed after
    /// the answer then.
    var noticesClosedClients = false
    /// Waits for the end of the client's patience.
    var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    /// Asks `isOver` once it would be woken by any change, and then after each.
    /// - Returns: whether there was room to wait at all.
    /// - Throws: what `isOver` throws.
    func wait(
        for job: Contracts.RequestID, by caller: Caller, upTo limit: Duration, _ request: Request,
        until isOver: () async throws -> Bool
    ) async throws -> Bool {
        guard let place = waiters.enter(job, by: caller.name) else { return false }
        defer { waiters.leave(place) }
        guard noticesClosedClients else {
            try await wait(at: place, upTo: limit, until: isOver)
            return true
        }
        try await request.body.consumeWithInboundCloseHandler { _ in
            try await wait(at: place, upTo: limit, until: isOver)
        } onInboundClosed: {
            place.finish()
        }
        return true
    }

    private func wait(
        at place: JobWaiters.Place, upTo limit: Duration, until isOver: () async throws -> Bool
    ) async throws {
        if try await isOver() { return }
        try await withThrowingTaskGroup { group in
            group.addTask {
                // Cancelled when the waiting is over before.
                try? await sleep(limit)
                place.finish()
            }
            defer { group.cancelAll() }
            for await _ in place.signals {
                if try await isOver() { return }
            }
        }
    }
}
