import Contracts
import Foundation
import ServiceRuntime

/// The callback stage: a decided request is told to its partner.
struct CallbackHandler: StageHandler {
    typealias Input = Event<RequestDecided>

    /// The newest good content of `callbacks.yaml`.
    private let partners: @Sendable () -> Partners
    private let client: PartnerClient
    private let now: @Sendable () -> Date

    init(
        partners: @escaping @Sendable () -> Partners, client: PartnerClient,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.partners = partners
        self.client = client
        self.now = now
    }

    /// - Throws: transient for whatever may be different next time; for a partner that the file does not name, see
    ///   `UnknownProvider`. Permanent at once only for an id that no URL can say.
    func handle(_ event: Event<RequestDecided>, context: StageContext) async throws(StageFailure) -> [any EventData] {
        let decided = event.data
        guard let partner = partners()[decided.provider] else {
            throw UnknownProvider.failure(attempt: context.attempt)
        }
        guard let url = partner.url.url(for: decided.providerRequestID) else {
            throw .permanent("unusable-id", "The provider's id of the request cannot be part of a URL.")
        }
        let callback = Callback(
            url: url, acceptance: decided.acceptance, idempotencyKey: event.id.canonical)
        let status: Int
        do {
            status = try await client.tell(partner, callback)
            failurePoint("partner.answered")
        } catch {
            // A process that stops spends no attempt of the partner's.
            if error.code == .stopping { throw .outage(error.code.rawValue, error.message) }
            throw .transient(
                error.code.rawValue, error.message, retryAfter: error.retryAfter, endpoint: .failed)
        }
        return [
            CallbackDelivered(
                provider: decided.provider, providerRequestID: decided.providerRequestID,
                acceptance: decided.acceptance, httpStatus: status, attempt: context.attempt,
                deliveredAt: Timestamp.truncate(now()))
        ]
    }
}
