import Contracts
import Foundation
import Logging
import Metrics
import ServiceLifecycle
import ServiceRuntime
import Synchronization

/// Whose callbacks are paused. Nothing is taken from such a provider's queue until somebody resumes them: what comes
/// meanwhile waits there in its order, and what is tried again comes back to it.
final class CallbackPauses: Service {
    private let state: CallbackState
    private let logger: Logger
    private let current: Mutex<[String: CallbackPause]>
    private let readers = Mutex<[UUID: AsyncStream<Void>.Continuation]>([:])

    init(_ state: CallbackState, logger: Logger) async throws(CallbackState.Failure) {
        self.state = state
        self.logger = logger
        current = Mutex(try await state.pauses())
    }

    subscript(provider: String) -> CallbackPause? { current.withLock { $0[provider] } }

    /// By provider.
    var all: [CallbackPause] { current.withLock { $0.values.sorted { $0.provider < $1.provider } } }

    /// When it returns, the pause is durable. A pause that there is already stays.
    func pause(_ provider: String, by: String, why: String?) async throws(CallbackState.Failure) {
        try await state.pause(
            CallbackPause(provider: provider, since: Timestamp.truncate(Date()), by: by, why: why))
        try await reload()
    }

    func resume(_ provider: String) async throws(CallbackState.Failure) {
        try await state.resume(provider)
        try await reload()
    }

    /// Looks what other processes on the state were told.
    func run() async throws {
        for pause in all { gauge(pause.provider).record(1) }
        await CallbackState.follow("Pauses", logger: logger) { [self] () async throws(CallbackState.Failure) in
            try await reload()
        }
    }

    func reload() async throws(CallbackState.Failure) {
        let newest = try await state.pauses()
        let before = current.withLock { current in
            defer { current = newest }
            return current
        }
        guard newest != before else { return }
        for provider in Set(newest.keys).symmetricDifference(before.keys).sorted() {
            let pause = newest[provider]
            gauge(provider).record(pause == nil ? 0 : 1)
            logger.notice(
                pause == nil ? "Callbacks are resumed" : "Callbacks are paused", metadata: ["provider": "\(provider)"])
        }
        readers.withLock { for reader in $0.values { reader.yield() } }
    }

    private func gauge(_ provider: String) -> Gauge {
        Gauge(label: "intake_callback_paused", dimensions: [("provider", provider)])
    }

    /// Returns as soon as it is so, or the task is cancelled or told to stop.
    func wait(for provider: String, toBePaused wanted: Bool) async {
        let id = UUID()
        let (changes, reader) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        readers.withLock { $0[id] = reader }
        defer { _ = readers.withLock { $0.removeValue(forKey: id) } }
        reader.yield()
        for await _ in changes.cancelOnGracefulShutdown() where (self[provider] != nil) == wanted { return }
    }
}

/// A provider's loop, which rests while its callbacks are paused: it takes nothing more, finishes what it has in hand,
/// and begins anew when they are resumed.
struct PausableLoop: Service {
    let provider: String
    let pauses: CallbackPauses
    /// Made for each time that it goes on.
    let loop: @Sendable () -> any Service

    func run() async throws {
        while true {
            await pauses.wait(for: provider, toBePaused: false)
            guard !Task.isCancelled, !Task.isShuttingDownGracefully else { return }
            let group = ServiceGroup(configuration: .init(services: [loop()], logger: Logger.quiet))
            try await withThrowingTaskGroup(of: Bool.self) { tasks in
                // Two at a time: the loop, until it ends by itself or is told to by the other one.
                tasks.addTask {
                    try await group.run()
                    return false
                }
                // And who waits for a pause, which the loop knows nothing of. Ends also when the process stops; then
                // the loop drains by itself.
                tasks.addTask {
                    await pauses.wait(for: provider, toBePaused: true)
                    await group.triggerGracefulShutdown()
                    return true
                }
                let isDraining = try await tasks.next() ?? false
                if !isDraining { tasks.cancelAll() }
                try await tasks.waitForAll()
            }
        }
    }
}

extension Logger {
    /// For groups of services inside another one, which says all that there is to say.
    fileprivate static let quiet = Logger(label: "services") { _ in SwiftLogNoOpLogHandler() }
}
