/// A client's patience that never ends by itself, and tells when it began and was over.
final class Patience: Sendable {
    private let began = AsyncStream<Void>.makeStream()
    private let ended = AsyncStream<Void>.makeStream()

    @Sendable func sleep(_ duration: Duration) async throws {
        began.continuation.yield()
        defer { ended.continuation.yield() }
        // Cancelled when the waiting is over.
        try await Task.sleep(for: .seconds(3600))
    }

    /// Returns when somebody waits who did not before.
    func begins() async { for await _ in began.stream { return } }

    /// Returns when somebody's waiting is over.
    func ends() async { for await _ in ended.stream { return } }
}
