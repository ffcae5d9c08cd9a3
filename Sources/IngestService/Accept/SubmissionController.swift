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
    var refusals = RefusalTally()
    /// Seconds.
    var retryAfter: @Sendable () -> Int
    var now: @Sendable () -> Date
    var admission = ProviderAdmission()
    var keysUnderWay = KeysUnderWay()

    @Sendable func post(_ request: Request, context: some RequestContext) async throws -> Response {
        let start = ContinuousClock.now
        var provider: Provider?
        do {
            let response = try await accept(request, of: &provider, logger: context.logger)
            metrics.answered(in: start.duration(to: .now))
            return response
        } catch let problem as Problem {
            metrics.refused(problem.code)
            if let provider { refusals.count(problem, of: provider.id, at: now()) }
            throw problem
        }
    }

    /// - Parameter sender: set as soon as it is known.
    private func accept(_ request: Request, of sender: inout Provider?, logger: Logger) async throws -> Response {
        let provider = try await authenticator.provider(of: request)
        sender = provider
        let place = try admission.enter(provider.id, authenticator.limits(of: provider))
        defer { admission.leave(place) }
        let key = try IdempotencyKey.of(request.headers)
        let body = try await bodies.read(request, typeMayMiss: request.uri.path == APIPath.legacyRequest)
        let checked = try SubmissionValidator.validate(
            try SubmissionBody.parse(body), contact: authenticator.contact(of: provider))
        return try await keysUnderWay.run(key, of: provider.id) {
            try await store(checked, of: provider, key: key, request, logger: logger)
        }
    }

    private func store(
        _ checked: SubmissionValidator.Checked, of provider: Provider, key: IdempotencyKey?, _ request: Request,
        logger: Logger
    ) async throws -> Response {
        let submission = checked.submission
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
            return Self.accepted(new.id, checked.warnings, retryAfter: retryAfter())
        case .duplicate(let earlier): throw try await duplicate(of: earlier, submission, logger)
        case .replayed(.accepted(let id)):
            return Self.marked(Self.accepted(id, checked.warnings, retryAfter: retryAfter()))
        case .replayed(.duplicate(let earlier)):
            return Self.marked(try await duplicate(of: earlier, submission, logger).response())
        case .keyReused: throw Problem.idempotencyKeyReused
        }
    }

    /// What is not the same as in the first one: a client that reuses ids by mistake would lose a request otherwise.
    private func duplicate(
        of id: Contracts.RequestID, _ submission: Submission, _ logger: Logger
    ) async throws -> Problem {
        let first = try await access.ask(.write, logger) { store in try await store.request(id) }
        // Of one that was erased nobody knows any more what it said.
        guard let first, first.erasedAt == nil else { return .duplicate(of: id, differences: nil) }
        return .duplicate(of: id, differences: submission.differences(from: first.submission))
    }

    /// A first answer once more, marked as such.
    private static func marked(_ response: Response) -> Response {
        var response = response
        response.headers[.idempotencyReplayed] = "true"
        return response
    }

    private static func accepted(
        _ id: Contracts.RequestID, _ warnings: [FieldError], retryAfter: Int
    ) -> Response {
        let location = APIPath.job(id)
        let headers: HTTPFields = [.location: location, .retryAfter: String(retryAfter)]
        guard warnings.isEmpty else {
            return Response(
                status: .accepted,
                json: Accepted(id: id, status: "accepted", location: location, warnings: warnings), headers: headers)
        }
        var body = JSONObjectText()
        body.add("id", id.description)
        body.add("status", "accepted")
        body.add("location", location)
        return Response(status: .accepted, bytes: body.bytes(), headers: headers)
    }

    /// With what was ignored.
    private struct Accepted: Encodable {
        var id: Contracts.RequestID
        var status: String
        var location: String
        var warnings: [FieldError]
    }
}
