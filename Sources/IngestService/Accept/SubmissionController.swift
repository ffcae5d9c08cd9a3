import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging
import ServiceRuntime

import struct Foundation.Date

/// `POST /api/requests`: takes a request durably, and answers before anything is published.
struct SubmissionController: Sendable {
    var access: StoreAccess
    var authenticator: Authenticator
    var bodies: RequestBodyReader
    var metrics: IngestMetrics
    /// Seconds.
    var retryAfter: @Sendable () -> Int
    var now: @Sendable () -> Date
    var admission = ProviderAdmission()
    var keysUnderWay = KeysUnderWay()

    @Sendable func post(_ request: Request, context: some RequestContext) async throws -> Response {
        let start = ContinuousClock.now
        do {
            let response = try await accept(request, logger: context.logger)
            metrics.answered(in: start.duration(to: .now))
            return response
        } catch let problem as Problem {
            metrics.refused(problem.code)
            throw problem
        }
    }

    private func accept(_ request: Request, logger: Logger) async throws -> Response {
        let provider = try await authenticator.provider(of: request)
        let place = try admission.enter(provider.id, authenticator.limits(of: provider))
        defer { admission.leave(place) }
        let key = try IdempotencyKey.of(request.headers)
        let body = try await bodies.read(request, typeMayMiss: request.uri.path == APIPath.legacyRequest)
        let submission = try SubmissionValidator.validate(try SubmissionBody.parse(body))
        return try await keysUnderWay.run(key, of: provider.id) {
            try await store(submission, of: provider, key: key, request, logger: logger)
        }
    }

    private func store(
        _ submission: Submission, of provider: Provider, key: IdempotencyKey?, _ request: Request, logger: Logger
    ) async throws -> Response {
        let acceptedAt = Timestamp.truncate(now())
        var generator = SystemRandomNumberGenerator()
        let new = NewRequest(
            id: Contracts.RequestID(at: acceptedAt, using: &generator), provider: provider, submission: submission,
            acceptedAt: acceptedAt)
        let event = try new.acceptedEvent(traceParent: TraceParent.from(request.headers[.traceParent]))
        let claim = key.map { IdempotencyClaim(key: $0, submission: submission) }
        let outcome = try await access.ask(.write, logger) { store in
            try await store.accept(new, event: event, claim: claim)
        }
        switch outcome {
        case .accepted:
            failurePoint("request.accepted")
            metrics.accepted(provider: provider.id)
            logger.debug(
                "A request was accepted.",
                metadata: ["request_id": "\(new.id)", "provider": "\(provider.id)"])
            return Self.accepted(new.id, retryAfter: retryAfter())
        case .duplicate(let earlier):
            throw Problem.duplicate(of: earlier)
        case .replayed(let answer): return Self.replayed(answer, retryAfter: retryAfter())
        case .keyReused: throw Problem.idempotencyKeyReused
        }
    }

    /// A first answer once more, marked as such.
    private static func replayed(_ answer: IdempotentAnswer, retryAfter: Int) -> Response {
        var response =
            switch answer {
            case .accepted(let id): accepted(id, retryAfter: retryAfter)
            case .duplicate(let earlier): Problem.duplicate(of: earlier).response()
            }
        response.headers[.idempotencyReplayed] = "true"
        return response
    }

    private static func accepted(_ id: Contracts.RequestID, retryAfter: Int) -> Response {
        let location = APIPath.job(id)
        var body = JSONObjectText()
        body.add("id", id.description)
        body.add("status", "accepted")
        body.add("location", location)
        return Response(
            status: .accepted, bytes: body.bytes(), headers: [.location: location, .retryAfter: String(retryAfter)])
    }
}

extension HTTPField.Name {
    /// W3C Trace Context. The name is a valid token, so that this cannot fail.
    static let traceParent = HTTPField.Name("traceparent")!
}
