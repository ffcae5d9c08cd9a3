import HTTPListener
import Synchronization

/// The keys whose first try is being answered in this process. Two processes on one store need no such list: the second
/// finds the first one's answer in the store, or waits for its transaction.
final class KeysUnderWay: Sendable {
    private struct Entry: Hashable {
        var provider: String
        var key: IdempotencyKey
    }

    /// Bounded by the submissions under way.
    private let entries = Mutex<Set<Entry>>([])

    var count: Int { entries.withLock { $0.count } }

    /// Runs `body` unless another try with the key is under way.
    /// - Throws: `Problem` with status 409; what `body` throws.
    func run<Result>(_ key: IdempotencyKey?, of provider: String, _ body: () async throws -> Result) async throws
        -> Result
    {
        guard let key else { return try await body() }
        let entry = Entry(provider: provider, key: key)
        guard entries.withLock({ $0.insert(entry).inserted }) else { throw Problem.idempotencyKeyInUse }
        defer { entries.withLock { _ = $0.remove(entry) } }
        return try await body()
    }
}
