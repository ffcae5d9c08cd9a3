import AdminAPI
import Contracts
import Foundation
import HTTPListener
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
        group.serve(ListProviders.self, list)
        group.serve(TestCallback.self, test)
        group.serve(PauseCallbacks.self, pause)
        group.serve(ResumeCallbacks.self, resume)
        group.serve(RotateSecret.self, rotateSecret)
    }

    @Sendable func list(_ asked: AdminQuestion<ListProviders>) async throws -> ListProviders.Answer {
        let partners = partners()
        return ListProviders.Answer(
            providers: partners.byID.keys.sorted().compactMap { partners.byID[$0] }.map { entry($0, partners) },
            recipients: partners.recipients.values.sorted { $0.endpoint.id < $1.endpoint.id }.map {
                RecipientEntry($0, circuit: circuit($0.endpoint.id))
            })
    }

    /// - Parameter partner: as the file has it.
    private func entry(_ partner: Partner, _ partners: Partners) -> ProviderEntry {
        ProviderEntry(
            partner, secrets: partners.secrets(of: partner), circuit: circuit(partner.id), pause: pauses[partner.id])
    }

    /// It is on disk when this is answered.
    @Sendable func pause(_ asked: AdminQuestion<PauseCallbacks>) async throws -> ProviderEntry {
        try await change(asked) { partner, order in
            try await pauses.pause(partner.id, by: order.by, why: order.why)
        }
    }

    @Sendable func resume(_ asked: AdminQuestion<ResumeCallbacks>) async throws -> ProviderEntry {
        try await change(asked) { partner, _ in try await pauses.resume(partner.id) }
    }

    private func change<Endpoint: AdminEndpoint>(
        _ asked: AdminQuestion<Endpoint>, _ body: (Partner, PauseOrder) async throws -> Void
    ) async throws -> ProviderEntry where Endpoint.Subject == String, Endpoint.Body == PauseOrder {
        let partner = try partnerOfFile(asked.subject)
        guard let order = try await asked.order().flatMap(PauseOrder.init(checking:)) else {
            throw Problem.invalid("Say who it is: {\"by\": \"…\", \"why\": \"…\"}, in JSON.")
        }
        try await keeping("Pauses cannot be kept.") { try await body(partner, order) }
        return entry(partner, partners())
    }

    private func partnerOfFile(_ name: String) throws(Problem) -> Partner {
        guard let partner = partners().byID[name] else { throw .unknownProvider }
        return partner
    }

    /// - Parameter what: for the log, when it cannot be written down.
    private func keeping(_ what: String, _ body: () async throws -> Void) async throws {
        do { try await body() } catch let failure as CallbackState.Failure {
            logger.error("\(what)", metadata: ["error": "\(failure)"])
            throw Problem(
                status: .serviceUnavailable, code: "unavailable",
                detail: "It could not be written down, and is not so.")
        }
    }

    /// Those before it sign too, for a day or as long as the order says.
    @Sendable func rotateSecret(_ asked: AdminQuestion<RotateSecret>) async throws -> RotatedSecret {
        let partner = try partnerOfFile(asked.subject)
        let body = try await asked.order()
        let order: SecretOrder
        do throws(SigningSecret.Problem) { order = try SecretOrder(body) } catch {
            throw Problem.invalid(error.description)
        }
        do {
            try await keeping("A signing secret cannot be kept.") {
                try await secrets.rotate(partner, to: order.secret, overlap: order.overlap, by: order.by)
            }
        } catch let tooMany as RotatedSecrets.TooMany {
            let end = tooMany.until.map { " The first of them ends at \(Timestamp.string($0))." } ?? ""
            throw Problem(
                status: .conflict, code: "too-many-secrets",
                detail: "\(SecretRotations.most) secrets sign already.\(end)")
        }
        let entry = entry(partner, partners())
        return RotatedSecret(
            provider: partner.id, secret: order.secret.text.revealed, signingSecretIds: entry.signingSecretIds,
            endingSecrets: entry.endingSecrets ?? [])
    }

    /// The sample goes in the very way of a callback, with the header `Intake-Test: true` and an id of a request that
    /// there is not.
    @Sendable func test(_ asked: AdminQuestion<TestCallback>) async throws -> CallbackExchange {
        let (name, partners) = (asked.subject, partners())
        if let recipient = partners.recipients[name] { return try await test(recipient, name) }
        guard let partner = partners[name] else { throw Problem.unknownProvider }
        let id = UUID()
        guard let url = partner.url.url(for: "intake-test-\(id.canonical)") else {
            // Every template can say an id of these characters.
            throw Problem.internalError
        }
        return await test(
            partner,
            Callback(
                url: url, body: partner.body.bytes(.sample(id, partner)), idempotencyKey: id.canonical, isTest: true))
    }

    /// The same for who is told of trouble, whose name is no provider's: says that nothing is wrong.
    private func test(_ recipient: AlertRecipient, _ name: String) async throws -> CallbackExchange {
        guard let url = recipient.endpoint.url.url(for: name) else {
            // It has no place for an id, so that any can be said.
            throw Problem.internalError
        }
        return await test(
            recipient.endpoint,
            Callback(
                url: url, body: Alert.trial(of: name, at: Timestamp.truncate(Date())),
                idempotencyKey: UUID().canonical, isTest: true))
    }

    private func test(_ partner: Partner, _ callback: Callback) async -> CallbackExchange {
        let recorder = ExchangeRecorder()
        let started = ContinuousClock.now
        let result: Result<PartnerReceipt, DeliveryFailure>
        do throws(DeliveryFailure) {
            result = .success(try await client.tell(partner, callback, recorder: recorder))
        } catch {
            result = .failure(error)
        }
        return CallbackExchange(partner, callback, recorder.record, result, took: started.duration(to: .now))
    }
}

extension AdminQuestion {
    /// The body; `nil` for whatever is wrong with it: the answer says what is wanted.
    fileprivate func order() async throws -> Endpoint.Body? {
        let buffer = try await request.body.collect(upTo: 8192)
        // What was wrong with it is nothing that the answer could say better than what is wanted.
        return try? WireJSON.value(from: buffer.readableBytesView)
    }
}

extension PauseOrder {
    /// Who is named goes into the log and onto pages: printable, and short. `nil` when nobody is.
    fileprivate init?(checking order: PauseOrder) {
        self.init(
            by: String(PrintableText.of(order.by).prefix(128)),
            why: order.why.map { String(PrintableText.of($0).prefix(500)) })
        if by.isEmpty { return nil }
    }
}

/// What is said with a new secret, checked.
private struct SecretOrder {
    static let overlaps = 0...7 * 24 * 3600

    var by: String
    var overlap: Duration
    var secret = SigningSecret()

    /// - Throws: what is wrong with it, without a value of it.
    init(_ body: RotateSecret.Body?) throws(SigningSecret.Problem) {
        guard let body else {
            throw SigningSecret.Problem("Say who it is: {\"by\": \"…\", \"overlapSeconds\": 86400}, in JSON.")
        }
        by = String(PrintableText.of(body.by).prefix(128))
        let seconds = body.overlapSeconds ?? 24 * 3600
        overlap = .seconds(seconds)
        guard !by.isEmpty else { throw SigningSecret.Problem("by is empty.") }
        guard Self.overlaps.contains(seconds) else {
            throw SigningSecret.Problem("overlapSeconds is not from 0 to \(Self.overlaps.upperBound).")
        }
        if let given = body.secret {
            do throws(SigningSecret.Problem) { secret = try SigningSecret(given) } catch {
                throw SigningSecret.Problem("secret \(error).")
            }
        }
    }
}

extension Problem {
    fileprivate static let unknownProvider = Problem(
        status: .notFound, code: "unknown-provider", detail: "The callbacks file does not name this provider.")

    fileprivate static func invalid(_ detail: String) -> Problem {
        Problem(status: .unprocessableContent, code: "invalid", detail: detail)
    }
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
