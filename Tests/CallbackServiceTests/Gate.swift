/// Something that happens once, and that one task waits for.
struct Gate: Sendable {
    private let opening = AsyncStream<Never>.makeStream()

    func open() { opening.continuation.finish() }

    /// Returns when it has been opened, or at cancellation.
    func wait() async { for await _ in opening.stream {} }
}
