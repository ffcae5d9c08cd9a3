import Contracts
import ServiceRuntime
import Synchronization

/// A broker that confirms, refuses or holds back as told, and tells what it was sent.
final class ScriptedPublisher: MessagePublisher {
    struct Publish: Sendable, Equatable {
        var message: EventMessage
        var exchange: String
        var routingKey: String
    }

    private struct State {
        var failures: [PublishFailure] = []
        var isHolding = false
        var held: [CheckedContinuation<Void, Never>] = []
    }

    /// Every publish, in the order in which they began.
    let publishes: AsyncStream<Publish>
    private let published: AsyncStream<Publish>.Continuation
    private let state = Mutex(State())

    init() { (publishes, published) = AsyncStream.makeStream() }

    /// The next publishes fail so, one after the other.
    func fail(_ failures: PublishFailure...) { state.withLock { $0.failures += failures } }

    /// Confirms wait until `release`.
    func hold() { state.withLock { $0.isHolding = true } }

    func release() {
        let held = state.withLock { state in
            state.isHolding = false
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    func publish(_ messages: [EventMessage], exchange: String) async throws -> [PublishFailure] {
        var failures: [PublishFailure] = []
        for (index, message) in messages.enumerated() {
            if let failure = state.withLock({ $0.failures.isEmpty ? nil : $0.failures.removeFirst() }) {
                failures.append(PublishFailure(failure.reason, index: index))
            }
            published.yield(Publish(message: message, exchange: exchange, routingKey: message.routingKey))
        }
        if failures.count == messages.count { return failures }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    if state.isHolding && !Task.isCancelled { state.held.append(continuation) }
                    return state.isHolding && !Task.isCancelled
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            self.release()
        }
        try Task.checkCancellation()
        return failures
    }
}
