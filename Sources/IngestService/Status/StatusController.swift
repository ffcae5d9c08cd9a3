import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging

import struct Foundation.Date

/// `PATCH /api/requests/{id}`: the staff of an organisation take a step with a request, or decide in its review; a
/// partner corrects whom to reach.
struct StatusController: Sendable {
    var access: StoreAccess
    var authenticator: Authenticator
    var bodies: RequestBodyReader
    var waiters: JobWaiters
    var now: @Sendable () -> Date

    @Sendable func patch(_ request: Request, context: some RequestContext) async throws -> Response {
        switch try await authenticator.caller(of: request) {
        case .provider(let provider): try await correct(request, provider, context)
        case .staff(let staff) where staff.may == .write: try await change(request, staff, context)
        case .staff: throw Problem.forbidden
        }
    }

    private func body(_ request: Request) async throws -> [UInt8] {
        do { return try await bodies.read(request) } catch var problem as Problem {
            if problem.status == .unsupportedMediaType { problem.headers[.acceptPatch] = Self.patchTypes }
            throw problem
        }
    }

    private static func precondition(
        _ request: Request, forStaff: Bool
    ) -> @Sendable (StoredRequest) -> Bool {
        let condition = ETagCondition(request.headers[values: .ifMatch])
        return { current in
            condition.map { $0.matches(ETag(of: RequestView(current, forStaff: forStaff))) } ?? true
        }
    }

    /// A partner corrects whom to reach, as long as nobody has begun.
    private func correct(
        _ request: Request, _ provider: Provider, _ context: some RequestContext
    ) async throws -> Response {
        let id = try context.requestID()
        let patch = try ContactPatch.parse(try await body(request))
        let outcome = try await access.ask(.write, context.logger) { store in
            try await store.correct(
                id, by: provider, patch, contact: authenticator.contact(of: provider), at: Timestamp.truncate(now()),
                precondition: Self.precondition(request, forStaff: false))
        }
        switch outcome {
        case .corrected(let request):
            context.logger.info("A partner corrected contact data.", metadata: ["request_id": "\(id)"])
            return Self.response(request, forStaff: false)
        case .unchanged(let request): return Self.response(request, forStaff: false)
        case .begun: throw Problem.begun
        case .withdrawn: throw Problem.withdrawn
        case .erased: throw Problem.erased
        case .unreachable(let errors): throw Problem.invalid(errors)
        case .preconditionFailed: throw Problem.preconditionFailed
        case .unknown: throw Problem.unknownRequest
        }
    }

    private func change(
        _ request: Request, _ staff: Staff, _ context: some RequestContext
    ) async throws -> Response {
        let id = try context.requestID()
        let bytes = try await body(request)
        let patch = try RequestPatch.parse(bytes)
        let precondition = Self.precondition(request, forStaff: true)
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
        case .unknown: throw Problem.unknownRequest
        }
    }

    static func response(_ request: StoredRequest, forStaff: Bool = true) -> Response {
        let view = RequestView(request, forStaff: forStaff)
        return Response(status: .ok, json: view, headers: [.eTag: ETag(of: view).description])
    }

    private static let patchTypes = "application/merge-patch+json, application/json"
}

extension HTTPField.Name {
    /// RFC 5789, section 3.1. The name is a valid token, so that this cannot fail.
    static let acceptPatch = HTTPField.Name("accept-patch")!
}
