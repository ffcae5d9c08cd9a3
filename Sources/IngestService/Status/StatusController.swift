import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging

import struct Foundation.Date

/// `PATCH /api/requests/{id}`: the staff of an organisation take a step with a request, or decide in its review.
struct StatusController: Sendable {
    var access: StoreAccess
    var authenticator: Authenticator
    var bodies: RequestBodyReader
    var waiters: JobWaiters
    var now: @Sendable () -> Date

    @Sendable func patch(_ request: Request, context: some RequestContext) async throws -> Response {
        let staff = try await authenticator.writingStaff(of: request)
        let id = try context.requestID()
        let bytes: [UInt8]
        do { bytes = try await bodies.read(request) } catch var problem as Problem {
            if problem.status == .unsupportedMediaType { problem.headers[.acceptPatch] = Self.patchTypes }
            throw problem
        }
        let patch = try RequestPatch.parse(bytes)
        let condition = ETagCondition(request.headers[values: .ifMatch])
        let precondition: @Sendable (StoredRequest) -> Bool = { current in
            condition.map { $0.matches(ETag(of: RequestView(current, forStaff: true))) } ?? true
        }
        let (at, trace) = (Timestamp.truncate(now()), TraceParent.from(request.headers[.traceParent]))
        switch patch.change {
        case .status(let step):
            let change = StatusChange(
                step: step, note: patch.note, at: at, traceParent: trace, by: staff.person,
                precondition: precondition)
            return try await take(change, id, staff, context.logger)
        case .decision(let answer):
            let verdict = ReviewVerdict(
                answer: answer, note: patch.note, by: "the organization's staff", person: staff.person,
                organization: staff.organization,
                at: at, traceParent: trace, precondition: precondition)
            return try await decide(verdict, id, context.logger)
        }
    }

    private func decide(
        _ verdict: ReviewVerdict, _ id: Contracts.RequestID, _ logger: Logger
    ) async throws -> Response {
        let decider = ReviewDecider(waiters: waiters)
        return try await access.ask(.write, logger) { store in
            Self.response(try await decider.decide(id, verdict, in: store, logger).request)
        }
    }

    private func take(
        _ change: StatusChange, _ id: Contracts.RequestID, _ staff: Staff, _ logger: Logger
    ) async throws -> Response {
        let outcome = try await access.ask(.write, logger) { store in
            try await store.changeStatus(of: id, within: staff.organization, change)
        }
        switch outcome {
        case .changed(let changed):
            waiters.wake(id)
            logger.info(
                "An organisation changed a request's status.",
                metadata: ["request_id": "\(id)", "status": "\(changed.organizationProgress.status.rawValue)"])
            return Self.response(changed)
        case .unchanged(let current): return Self.response(current)
        case .refused(let status): throw Problem.statusTransition(from: status)
        case .undecided: throw Problem.notDecided
        case .declined: throw Problem.declined
        case .preconditionFailed: throw Problem.preconditionFailed
        case .unknown: throw Problem.notFound
        }
    }

    private static func response(_ request: StoredRequest) -> Response {
        let view = RequestView(request, forStaff: true)
        return Response(status: .ok, json: view, headers: [.eTag: ETag(of: view).description])
    }

    private static let patchTypes = "application/merge-patch+json, application/json"
}

extension HTTPField.Name {
    /// RFC 5789, section 3.1. The name is a valid token, so that this cannot fail.
    static let acceptPatch = HTTPField.Name("accept-patch")!
}
