import AdminAPI
import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging

import struct Foundation.Date
import struct Foundation.UUID

/// What a partner does with a request of its own once it is sent.
struct PartnerController: Sendable {
    var access: StoreAccess
    var authenticator: Authenticator
    var bodies: RequestBodyReader
    var waiters: JobWaiters
    var now: @Sendable () -> Date
    /// Telling again is counted like sending.
    var admission = ProviderAdmission()

    /// `GET /api/requests/{id}/attempts`: how often the partner was called, and how it answered; for the organisation's
    /// staff, too.
    @Sendable func attempts(_ request: Request, context: some RequestContext) async throws -> Response {
        let caller = try await authenticator.caller(of: request)
        let id = try context.requestID()
        let job = try await access.ask(.read, context.logger) { store in try await store.job(id) }
        guard let job, caller.sees(job.request) else { throw Problem.unknownRequest }
        return Response(status: .ok, json: CallbackAttempts(job, at: now()))
    }

    /// `POST /api/requests/{id}/resend`: 202 with the event that goes out, 409 when there is nothing to tell yet.
    @Sendable func resend(_ request: Request, context: some RequestContext) async throws -> Response {
        let provider = try await authenticator.provider(of: request)
        let place = try admission.enter(provider.id, authenticator.limits(of: provider))
        defer { admission.leave(place) }
        let id = try context.requestID()
        let (eventID, now) = (UUID(), Timestamp.truncate(now()))
        let outcome = try await access.ask(.write, context.logger) { store in
            try await store.resend(id, by: eventID, at: now, for: provider)
        }
        switch outcome {
        case .unknown: throw Problem.unknownRequest
        case .undecided: throw Problem.notDecided
        case .enqueued(let type, let sequence):
            waiters.wake(id)
            context.logger.info("A partner wants to be told once more.", metadata: ["request_id": "\(id)"])
            return Response(
                status: .accepted,
                json: ResentCallback(eventId: AdminID(eventID), eventType: type, sequence: sequence))
        }
    }

    /// `POST /api/requests/{id}/withdraw`, with an empty body or a `reason`: 200 with the request, also when it was
    /// withdrawn before.
    @Sendable func withdraw(_ request: Request, context: some RequestContext) async throws -> Response {
        let provider = try await authenticator.provider(of: request)
        let id = try context.requestID()
        let reason = try await reason(request)
        let condition = ETagCondition(request.headers[values: .ifMatch])
        let now = Timestamp.truncate(now())
        let outcome = try await access.ask(.write, context.logger) { store in
            try await store.withdraw(
                id, by: provider, reason: reason, at: now, traceParent: TraceParent.from(request.headers[.traceParent]),
                precondition: { current in
                    condition.map { $0.matches(ETag(of: RequestView(current, forStaff: false))) } ?? true
                })
        }
        switch outcome {
        case .withdrawn(let request):
            waiters.wake(id)
            context.logger.info("A partner has withdrawn a request.", metadata: ["request_id": "\(id)"])
            return StatusController.response(request, forStaff: false)
        case .unchanged(let request): return StatusController.response(request, forStaff: false)
        case .closed(let status): throw Problem.closed(status)
        case .declined: throw Problem.declined
        case .preconditionFailed: throw Problem.preconditionFailed
        case .unknown: throw Problem.unknownRequest
        }
    }

    /// - Throws: `Problem` when there is a body that is none of ours.
    private func reason(_ request: Request) async throws -> String? {
        let bytes = try await bodies.read(request, typeMayMiss: true)
        guard !bytes.isEmpty else { return nil }
        let object = try JSONObject(body: bytes)
        var errors: [FieldError] = []
        var reason: String?
        var seen: Set<String> = []
        for member in object.members {
            let pointer = "/" + RequestPatch.escaped(member.name)
            guard member.name.utf8.count <= 64, seen.insert(member.name).inserted else {
                errors.append(FieldError(pointer: pointer, detail: "is given twice, or too long", code: .notAllowed))
                continue
            }
            switch (member.name, member.value) {
            case ("reason", .string(let text)):
                if var error = RequestPatch.check(note: text) {
                    error.pointer = pointer
                    errors.append(error)
                }
                reason = text.isBlank ? nil : text
            case ("reason", .null): break
            case ("reason", _): errors.append(FieldError(pointer: pointer, detail: "must be text", code: .type))
            default: errors.append(FieldError(pointer: pointer, detail: "is no field", code: .notAllowed))
            }
        }
        guard errors.isEmpty else { throw Problem.invalid(errors) }
        return reason
    }
}
