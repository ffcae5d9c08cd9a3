import Contracts
import Foundation
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceRuntime

/// What operators ask of the partners' entries, below `/admin` on the service's admin listener.
struct ProviderController: Sendable {
    /// The newest good content of `callbacks.yaml`.
    var partners: @Sendable () -> Partners
    var client: PartnerClient
    var pauses: CallbackPauses
    var secrets: RotatedSecrets
    var logger: Logger
    /// How a partner's circuit breaker stands; `nil` when nothing is known of it.
    var circuit: @Sendable (_ provider: String) -> String? = { _ in nil }

    func register(on group: RouterGroup<BasicRequestContext>) {
        group.get("providers", use: list)
        group.post("providers/{provider}/test", use: test)
        group.post("providers/{provider}/pause", use: pause)
        group.post("providers/{provider}/resume", use: resume)
        group.post("providers/{provider}/secret", use: rotateSecret)
    }

    /// `GET /admin/providers`: what the file says, without secrets and without paths of URLs, which may be secret.
    @Sendable func list(_ request: Request, context: some RequestContext) async throws -> Response {
        let partners = partners()
        return Response(
            status: .ok,
            json: List(
                providers: partners.byID.keys.sorted().compactMap { partners.byID[$0] }.map { view($0, partners) },
                recipients: partners.recipients.values.sorted { $0.endpoint.id < $1.endpoint.id }.map {
                    RecipientView($0, circuit: circuit($0.endpoint.id))
                }))
    }

    private struct List: Encodable {
        var providers: [ProviderView]
        var recipients: [RecipientView]
    }

    /// - Parameter partner: as the file has it.
    private func view(_ partner: Partner, _ partners: Partners) -> ProviderView {
        ProviderView(
            partner, secrets: partners.secrets(of: partner), circuit: circuit(partner.id), pause: pauses[partner.id])
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
        guard let partner = fromFile(context) else { return unknownProvider }
        guard let order = try await Order.read(request) else {
            return problem(
                .unprocessableContent, "invalid", "Say who it is: {\"by\": \"…\", \"why\": \"…\"}, in JSON.")
        }
        do { try await body(partner, order) } catch let failure as CallbackState.Failure {
            logger.error("Pauses cannot be kept.", metadata: ["error": "\(failure)"])
            return problem(.serviceUnavailable, "unavailable", "It could not be written down, and is not so.")
        }
        return Response(status: .ok, json: view(partner, partners()))
    }

    private func fromFile(_ context: some RequestContext) -> Partner? {
        context.parameters.get("provider").flatMap { partners().byID[$0] }
    }

    /// What is said with a new secret.
    private struct SecretOrder {
        static let overlaps = 0...7 * 24 * 3600

        var by: String
        var overlap: Duration
        var secret: SigningSecret

        private struct Fields: Decodable {
            var by: String
            var overlapSeconds: Int?
            var secret: String?
        }

        /// - Throws: `SigningSecret.Problem`: what is wrong with it, without a value of it.
        static func read(_ request: Request) async throws -> SecretOrder {
            let buffer = try await request.body.collect(upTo: 8192)
            // Whatever is wrong with the JSON: the answer says what is wanted.
            guard let fields = try? JSONDecoder().decode(Fields.self, from: Data(buffer.readableBytesView)) else {
                throw SigningSecret.Problem("Say who it is: {\"by\": \"…\", \"overlapSeconds\": 86400}, in JSON.")
            }
            let by = String(PrintableText.of(fields.by).prefix(128))
            guard !by.isEmpty else { throw SigningSecret.Problem("by is empty.") }
            let seconds = fields.overlapSeconds ?? 24 * 3600
            guard overlaps.contains(seconds) else {
                throw SigningSecret.Problem("overlapSeconds is not from 0 to \(overlaps.upperBound).")
            }
            var secret = SigningSecret()
            if let given = fields.secret {
                do throws(SigningSecret.Problem) { secret = try SigningSecret(given) } catch {
                    throw SigningSecret.Problem("secret \(error).")
                }
            }
            return SecretOrder(by: by, overlap: .seconds(seconds), secret: secret)
        }
    }

    /// `POST /admin/providers/{provider}/secret`: puts a new signing secret, or the one that is given, in the place of
    /// all that sign. Those sign too, for a day or as long as the order says. The answer shows the new one, once.
    @Sendable func rotateSecret(_ request: Request, context: some RequestContext) async throws -> Response {
        guard let partner = fromFile(context) else { return unknownProvider }
        let order: SecretOrder
        do { order = try await SecretOrder.read(request) } catch let problem as SigningSecret.Problem {
            return self.problem(.unprocessableContent, "invalid", problem.description)
        }
        do {
            try await secrets.rotate(partner, to: order.secret, overlap: order.overlap, by: order.by)
        } catch let tooMany as RotatedSecrets.TooMany {
            let end = tooMany.until.map { " The first of them ends at \(Timestamp.string($0))." } ?? ""
            return problem(
                .conflict, "too-many-secrets", "\(SecretRotations.most) secrets sign already.\(end)")
        } catch let failure as CallbackState.Failure {
            logger.error("A signing secret cannot be kept.", metadata: ["error": "\(failure)"])
            return problem(.serviceUnavailable, "unavailable", "It could not be written down, and is not so.")
        }
        let view = view(partner, partners())
        return Response(
            status: .ok,
            json: RotatedSecretView(
                provider: partner.id, secret: order.secret.text.revealed, signingSecretIds: view.signingSecretIds,
                endingSecrets: view.endingSecrets))
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
            eventID: id, requestID: RequestID(id), saidAt: Date(),
            request: RequestReference(
                provider: partner.id, providerRequestID: "intake-test-\(id.canonical)", organization: "intake-test",
                acceptedAt: Date()),
            acceptance: true, reason: .stateCovered, rule: nil, precision: nil, status: .new,
            sequence: RequestDecided.sequence,
            isBelated: false)
    }
}
