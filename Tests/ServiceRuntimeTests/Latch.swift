/// Closed at first, then open for ever; any number of tasks may wait.
final class Latch: Sendable {
    private let opening: AsyncStream<Never>.Continuation
    private let opened: Task<Void, Never>

    init() {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        opening = continuation
        // Unstructured, since every waiter awaits the same end.
        opened = Task { for await _ in stream {} }
    }

    func open() { opening.finish() }

    func wait() async { await opened.value }
}
