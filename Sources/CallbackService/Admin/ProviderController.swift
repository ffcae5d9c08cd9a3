import Contracts
import Foundation
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// What operators ask of the partners' entries, below `/admin` on the service's admin listener.
struct ProviderController: Sendable {
    /// The newest good content of `callbacks.yaml`.
    var partners: @Sendable () -> Partners
    var client: PartnerClient
    var pauses: CallbackPauses
    var logger: Logger
    /// How a partner's circuit breaker stands; `nil` when nothing is known of it.
    var circuit: @Sendable (_ provider: String) -> String? = { _ in nil }

    func register(on group: RouterGroup<BasicRequestContext>) {
        group.get("providers", use: list)
        group.post("providers/{provider}/test", use: test)
        group.post("providers/{provider}/pause", use: pause)
        group.post("providers/{provider}/resume", use: resume)
    }

    /// `GET /admin/providers`: what the file says, without secrets and without paths of URLs, which may be secret.
    @Sendable func list(_ request: Request, context: some RequestContext) async throws -> Response {
        let partners = partners()
        return Response(
            status: .ok,
            json: List(
                providers: partners.byID.values.sorted { $0.id < $1.id }.map(view),
                recipients: partners.recipients.values.sorted { $0.endpoint.id < $1.endpoint.id }.map {
                    RecipientView($0, circuit: circuit($0.endpoint.id))
                }))
    }

    private struct List: Encodable {
        var providers: [ProviderView]
        var recipients: [RecipientView]
    }

    private func view(_ partner: Partner) -> ProviderView {
        ProviderView(partner, circuit: circuit(partner.id), pause: pauses[partner.id])
    }

    /// What an operator says with a pause or its end.
    private struct Order: Decodable {
        var by: String
        var why: String?

        /// Who is named goes into the log and onto pages: printable, and short.
        static func read(_ request: Request) async throws -> Order? {
            let buffer = try await request.body.collect(upTo: 8192)
            // Whatever is wrong with the JSON: the answer says what is wanted.
            guard var order = try? JSONDecoder().decode(Order.self, from: Data(buffer.readableBytesView)) else {
                return nil
            }
            order.by = String(PrintableText.of(order.by).prefix(128))
            order.why = order.why.map { String(PrintableText.of($0).prefix(500)) }
            return order.by.isEmpty ? nil : order
        }
    }

    /// `POST /admin/providers/{provider}/pause`: nothing goes out to it from now on. What is under way ends; what comes
    /// waits. It is on disk when this is answered.
    @Sendable func pause(_ request: Request, context: some RequestContext) async throws -> Response {
        try await change(request, context) { partner, order in
            try await pauses.pause(partner.id, by: order.by, why: order.why)
        }
    }

    /// `POST /admin/providers/{provider}/resume`
    @Sendable func resume(_ request: Request, context: some RequestContext) async throws -> Response {
        try await change(request, context) { partner, _ in try await pauses.resume(partner.id) }
    }

    private func change(
        _ request: Request, _ context: some RequestContext, _ body: (Partner, Order) async throws -> Void
    ) async throws -> Response {
        guard let partner = context.parameters.get("provider").flatMap({ partners()[$0] }) else {
            return unknownProvider
        }
        guard let order = try await Order.read(request) else {
            return problem(
                .unprocessableContent, "invalid", "Say who it is: {\"by\": \"…\", \"why\": \"…\"}, in JSON.")
        }
        do { try await body(partner, order) } catch let failure as CallbackState.Failure {
            logger.error("Pauses cannot be kept.", metadata: ["error": "\(failure)"])
            return problem(.serviceUnavailable, "unavailable", "It could not be written down, and is not so.")
        }
        return Response(status: .ok, json: view(partner))
    }

    private var unknownProvider: Response {
        problem(.notFound, "unknown-provider", "The callbacks file does not name this provider.")
    }

    private func problem(_ status: HTTPResponse.Status, _ code: String, _ detail: String) -> Response {
        Response(
            status: status, json: AdminProblem(status: status.code, code: code, detail: detail),
            contentType: Problem.contentType)
    }

    /// `POST /admin/providers/{provider}/test`: sends the partner a signed sample in the very way of a callback, with
    /// the header `Intake-Test: true` and an id of a request that there is not, and tells everything that came of it.
    @Sendable func test(_ request: Request, context: some RequestContext) async throws -> Response {
        let (name, partners) = (context.parameters.get("provider") ?? "", partners())
        if let recipient = partners.recipients[name] { return try await test(recipient, name) }
        guard let partner = partners[name] else { return unknownProvider }
        let id = UUID()
        guard let url = partner.url.url(for: "intake-test-\(id.canonical)") else {
            // Every template can say an id of these characters.
            throw HTTPError(.internalServerError)
        }
        return await test(
            partner,
            Callback(
                url: url, body: partner.body.bytes(.sample(id, partner)), idempotencyKey: id.canonical, isTest: true))
    }

    /// The same for who is told of trouble, whose name is no provider's: says that nothing is wrong.
    private func test(_ recipient: AlertRecipient, _ name: String) async throws -> Response {
        guard let url = recipient.endpoint.url.url(for: name) else {
            // It has no place for an id, so that any can be said.
            throw HTTPError(.internalServerError)
        }
        return await test(
            recipient.endpoint,
            Callback(
                url: url, body: Alert.trial(of: name, at: Timestamp.truncate(Date())),
                idempotencyKey: UUID().canonical, isTest: true))
    }

    private func test(_ partner: Partner, _ callback: Callback) async -> Response {
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
