/// A client's patience that never ends by itself, and tells when it began and was over.
final class Patience: Sendable {
    private let began = AsyncStream<Void>.makeStream()
    private let ended = AsyncStream<Void>.makeStream()

    @Sendable func sleep(_ duration: Duration) async throws {
        began.continuation.yield()
        defer { ended.continuation.yield() }
        // Nothing ever comes: it ends by being cancelled, when the waiting is over.
        let never = AsyncStream<Void>.makeStream()
        for await _ in never.stream {}
        withExtendedLifetime(never.continuation) {}
        throw CancellationError()
    }

    /// Returns when somebody waits who did not before.
    func begins() async { for await _ in began.stream { return } }

    /// Returns when somebody's waiting is over.
    func ends() async { for await _ in ended.stream { return } }
}
