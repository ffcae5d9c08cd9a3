/// Something that happens once, and that one task waits for.
struct Gate: Sendable {
    private let (stream, continuation) = AsyncStream<Never>.makeStream()

    func open() { continuation.finish() }

    /// Returns when it has been opened, or at cancellation.
    func wait() async { for await _ in stream {} }
}
