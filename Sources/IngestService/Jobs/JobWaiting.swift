import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird

/// Holds a request open until a job has changed, see `WaitPreference`.
struct JobWaiting: Sendable {
    var waiters: JobWaiters
    /// Whether a client that goes away ends its waiting. Only a server with a socket can tell; the connection is closed
    /// after the answer then.
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

/// `Prefer: wait=N` (RFC 7240, section 4.3): how long the client would rather wait than ask again.
struct WaitPreference: Sendable, Equatable {
    /// What is asked for beyond it is cut to it, seconds.
    static let longest = 30

    var seconds: Int

    /// - Parameter fields: of `Prefer`; the first `wait` of them counts, and one that is no number is as if it were not
    ///   there.
    init?(_ fields: [String]) {
        for preference in fields.filter(\.isShortASCII).flatMap({ $0.split(separator: ",") }) {
            // What follows a semicolon are parameters of the preference.
            let pair = preference.prefix { $0 != ";" }
                .split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, pair[0].trimmingBlanks().lowercased() == "wait" else { continue }
            let text = pair[1].trimmingBlanks()
            let isQuoted = text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
            let digits = isQuoted ? text.dropFirst().dropLast() : text
            guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
            seconds = Int(foreign: digits, in: 0...Self.longest) ?? Self.longest
            return
        }
        return nil
    }

    /// What `Preference-Applied` says.
    var applied: String { "wait=\(seconds)" }
}

extension HTTPField.Name {
    // Valid tokens, so that these cannot fail.
    static let prefer = HTTPField.Name("prefer")!
    static let preferenceApplied = HTTPField.Name("preference-applied")!
}
