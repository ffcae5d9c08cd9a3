import Contracts
import Foundation
import Logging
import Metrics
import ServiceRuntime
import Synchronization

/// Tells one recipient of trouble, over the broker's queue of its own: nothing waits for it, and it is tried again for
/// half a day.
struct AlertHandler: StageHandler {
    /// How long a recipient that is away is tried.
    static let policy = RetryPolicy(
        schedule: [.seconds(5), .seconds(30), .minutes(2), .minutes(10), .hours(1), .hours(3), .hours(6)])
    /// A recipient is told of one partner's dead letters in one stage this often at most: where one callback dies,
    /// thousands do.
    static let pause: TimeInterval = 15 * 60

    let name: String
    private let recipients: @Sendable () -> [String: AlertRecipient]
    private let client: PartnerClient
    private let state: CallbackState
    private let now: @Sendable () -> Date
    private let deaths = Deaths()

    /// - Parameter recipients: the newest good content of `callbacks.yaml`.
    init(
        name: String, recipients: @escaping @Sendable () -> [String: AlertRecipient], client: PartnerClient,
        state: CallbackState, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.name = name
        self.recipients = recipients
        self.client = client
        self.state = state
        self.now = now
    }

    func handle(_ message: AlertMessage, context: StageContext) async throws(StageFailure) -> [any EventData] {
        guard case .alert(let alert) = message, let recipient = recipients()[name], recipient.hears(alert) else {
            return []
        }
        switch alert.content {
        case .degraded:
            try await access { () async throws(CallbackState.Failure) in
                try await state.rememberDegraded(alert.provider ?? "", toldTo: name)
            }
            try await tell(recipient, alert, context)
        case .recovered:
            // Every process says so of the first receipt that it gets: who was not told of trouble is not told of its
            // end.
            guard
                try await access({ () async throws(CallbackState.Failure) in
                    try await state.isDegraded(alert.provider ?? "", toldTo: name)
                })
            else { return [] }
            try await tell(recipient, alert, context)
            try await access { () async throws(CallbackState.Failure) in
                try await state.forgetDegraded(alert.provider ?? "", toldTo: name)
            }
        case .dead(let death):
            guard let others = deaths.tell(alert.provider, death.stage, again: context.attempt > 1, at: now()) else {
                return []
            }
            try await tell(recipient, alert, context, others: others)
        case .review:
            try await tell(recipient, alert, context)
        }
        return []
    }

    private func tell(
        _ recipient: AlertRecipient, _ alert: Alert, _ context: StageContext, others: Int = 0
    ) async throws(StageFailure) {
        let endpoint = recipient.endpoint
        guard let url = endpoint.url.url(for: name) else { throw .permanent("unusable-url", "The URL cannot be.") }
        let span = context.span?.asking("POST", endpoint.url.host.unbracketed)
        defer { span?.end() }
        let callback = Callback(
            url: url, body: alert.body(others: others), idempotencyKey: alert.id.canonical, place: span?.place)
        do {
            _ = try await client.tell(endpoint, callback)
        } catch {
            span?.fail(error.code.rawValue)
            if error.code == .stopping { throw .outage(error.code.rawValue, error.message) }
            context.logger.notice(
                "A recipient was not told of trouble",
                metadata: ["recipient": "\(name)", "alert": "\(alert.kind.rawValue)", "error": "\(error)"])
            throw .transient(
                error.code.rawValue, error.message, retryAfter: error.retryAfter,
                endpoint: error.code == .noReceipt ? .answered : .failed)
        }
    }

    private func access<Result>(
        _ body: () async throws(CallbackState.Failure) -> Result
    ) async throws(StageFailure) -> Result {
        do {
            return try await body()
        } catch {
            throw .outage("callback-state-unavailable", "What was told before cannot be looked up: \(error)")
        }
    }

    /// When a recipient was told of dead letters last, and how many more there were since.
    private final class Deaths: Sendable {
        private struct Key: Hashable {
            var provider: String?
            var stage: Stage?
        }

        private struct Told {
            var at: Date
            var others = 0
        }

        private let told = Mutex<[Key: Told]>([:])

        /// - Parameter again: whether it was to be told of this very letter before, and was not there.
        /// - Returns: how many others there were since the last; `nil` when it is not to be told now.
        func tell(_ provider: String?, _ stage: Stage?, again: Bool, at now: Date) -> Int? {
            told.withLock { told in
                // Bounded: partners' names come from messages.
                if told.count >= 10_000 { told = [:] }
                let key = Key(provider: provider, stage: stage)
                if !again, let last = told[key], now.timeIntervalSince(last.at) < AlertHandler.pause {
                    told[key]?.others += 1
                    return nil
                }
                let others = again ? 0 : told[key]?.others ?? 0
                told[key] = Told(at: now, others: again ? told[key]?.others ?? 0 : 0)
                return others
            }
        }
    }
}
