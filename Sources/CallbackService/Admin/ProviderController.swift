import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird

import struct Foundation.Date
import struct Foundation.UUID

/// What operators ask of the partners' entries, below `/admin` on the service's admin listener.
struct ProviderController: Sendable {
    /// The newest good content of `callbacks.yaml`.
    var partners: @Sendable () -> Partners
    var client: PartnerClient
    /// How a partner's circuit breaker stands; `nil` when nothing is known of it.
    var circuit: @Sendable (_ provider: String) -> String? = { _ in nil }

    func register(on group: RouterGroup<BasicRequestContext>) {
        group.get("providers", use: list)
        group.post("providers/{provider}/test", use: test)
    }

    /// `GET /admin/providers`: what the file says, without secrets and without paths of URLs, which may be secret.
    @Sendable func list(_ request: Request, context: some RequestContext) async throws -> Response {
        let views = partners().byID.values.sorted { $0.id < $1.id }
            .map { ProviderView($0, circuit: circuit($0.id)) }
        return Response(status: .ok, json: ["providers": views])
    }

    /// `POST /admin/providers/{provider}/test`: sends the partner a signed sample in the very way of a callback, with
    /// the header `Intake-Test: true` and an id of a request that there is not, and tells everything that came of it.
    @Sendable func test(_ request: Request, context: some RequestContext) async throws -> Response {
        guard let partner = context.parameters.get("provider").flatMap({ partners()[$0] }) else {
            return Response(
                status: .notFound,
                json: AdminProblem(
                    status: 404, code: "unknown-provider", detail: "The callbacks file does not name this provider."),
                contentType: Problem.contentType)
        }
        let id = UUID()
        guard let url = partner.url.url(for: "intake-test-\(id.canonical)") else {
            // Every template can say an id of these characters.
            throw HTTPError(.internalServerError)
        }
        let callback = Callback(
            url: url, body: partner.body.bytes(.sample(id, partner)), idempotencyKey: id.canonical, isTest: true)
        let recorder = ExchangeRecorder()
        let started = ContinuousClock.now
        let result: Result<PartnerReceipt, DeliveryFailure>
        do throws(DeliveryFailure) {
            result = .success(try await client.tell(partner, callback, recorder: recorder))
        } catch {
            result = .failure(error)
        }
        return Response(
            status: .ok,
            json: ExchangeView(partner, callback, recorder.record, result, took: started.duration(to: .now))
        )
    }
}

/// What is wrong with an operator's question (RFC 9457).
struct AdminProblem: Encodable {
    var status: Int
    var code: String
    var detail: String
}

extension Notice {
    /// What a partner is told for a trial: the most usual thing there is.
    fileprivate static func sample(_ id: UUID, _ partner: Partner) -> Notice {
        Notice(
            eventID: id, requestID: RequestID(id),
            request: RequestReference(
                provider: partner.id, providerRequestID: "intake-test-\(id.canonical)", organization: "intake-test",
                acceptedAt: Date()),
            acceptance: true, reason: .stateCovered, rule: nil, precision: nil, status: .new,
            sequence: RequestDecided.sequence,
            isBelated: false)
    }
}
