import Contracts
import HTTPTypes
import Hummingbird
import Logging
import ServiceRuntime

import struct Foundation.Date

/// `POST /api/requests`: takes a request durably, and answers before anything is published.
struct SubmissionController: Sendable {
    var store: any RequestStore
    var authenticator: Authenticator
    var bodies: RequestBodyReader
    /// Hands a fresh event to whoever publishes it. Must not wait.
    var handOver: @Sendable (OutboxEntry) -> Void
    var metrics: IngestMetrics
    /// Seconds.
    var retryAfter: @Sendable () -> Int
    var now: @Sendable () -> Date

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
        let provider = try authenticator.provider(of: request)
        let submission = try SubmissionValidator.validate(try SubmissionBody.parse(try await bodies.read(request)))
        let acceptedAt = Timestamp.truncate(now())
        var generator = SystemRandomNumberGenerator()
        let new = NewRequest(
            id: Contracts.RequestID(at: acceptedAt, using: &generator), provider: provider, submission: submission,
            acceptedAt: acceptedAt)
        let event = try new.acceptedEvent(traceParent: TraceParent.from(request.headers[.traceParent]))
        switch try await write(new, event, logger: logger) {
        case .accepted(let entry):
            failurePoint("request.committed")
            handOver(entry)
            failurePoint("request.handed-over")
            metrics.accepted(provider: provider.id)
            logger.debug(
                "A request was accepted.",
                metadata: ["request_id": "\(new.id)", "provider": "\(provider.id)"])
            return Self.accepted(new.id, retryAfter: retryAfter())
        case .duplicate(let earlier):
            throw Problem.duplicate(of: earlier)
        }
    }

    private func write(_ new: NewRequest, _ event: EventMessage, logger: Logger) async throws(Problem) -> Acceptance {
        do {
            return try await store.accept(new, event: event)
        } catch {
            logger.error("A request could not be stored.", metadata: ["error": "\(error)"])
            throw .storeUnavailable(retryAfter: retryAfter())
        }
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
