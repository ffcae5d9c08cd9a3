import AdminAPI
import Contracts
import HTTPListener
import HTTPTypes

extension FieldError.Code {
    /// It was taken for nothing, and the rest was accepted.
    static let ignored = FieldError.Code(rawValue: "ignored")
    /// Kept, but not as it came.
    static let changed = FieldError.Code(rawValue: "changed")
}

/// The problems that this API answers with.
extension Problem {
    /// Members beside those that the RFC defines.
    struct Extensions: Sendable, Encodable {
        /// What is wrong with each field.
        var errors: [FieldError]?
        /// The request that the problem is about.
        var id: RequestID?
        /// Where its job is.
        var location: String?
        /// The job as a whole.
        var job: JobView?
        /// Why the job failed.
        var error: JobView.Failure?
        /// What was decided before.
        var decision: Decision?
        /// Which fields are not as in the first one.
        var differences: [String]?
    }

    /// The token is right, but not for this.
    static let forbidden = Problem(status: .forbidden, code: "forbidden", detail: "This token may not do that.")

    /// What stands in the path cannot be an id of ours: most likely it is the partner's own.
    static let noRequestID = Problem(
        status: .notFound, code: Problem.notFound.code,
        detail: "This is no id of Intake's: those are UUIDs, as the answer to the POST has them. \(byOwnID)")

    /// There is no such request, or it is another's: the answer is the same, so that nobody learns which.
    static let unknownRequest = Problem(
        status: .notFound, code: Problem.notFound.code,
        detail: "There is no request with this id of Intake's that you may see. \(byOwnID)")

    private static let byOwnID =
        "By the partner's own id a request is found with GET \(APIPath.requests)?providerRequestId=…"

    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Problem {
        Problem(
            status: .methodNotAllowed, code: "method-not-allowed", detail: "The method is not one of those in Allow.",
            headers: [.allow: allowed.map(\.rawValue).joined(separator: ", ")])
    }

    static let encoded = Problem(
        status: .unsupportedMediaType, code: "unsupported-media-type",
        detail: "Send the body without Content-Encoding.",
        headers: [.acceptEncoding: "identity"])

    static func tooLarge(limit: Int) -> Problem {
        Problem(
            status: .contentTooLarge, code: "too-large", detail: "The body may have at most \(limit) bytes.")
    }

    static let malformed = Problem(
        status: .badRequest, code: "malformed", detail: "The body is not well-formed JSON in UTF-8.")

    static let tooDeep = Problem(
        status: .badRequest, code: "malformed",
        detail: "The body's arrays and objects are nested too deeply: 64 levels are read.")

    static func malformed(_ error: MalformedJSON) -> Problem { error.isTooDeep ? tooDeep : malformed }

    static func badQuery(_ errors: [FieldError]) -> Problem {
        Problem(
            status: .badRequest, code: "bad-query", detail: "The query has parameters that cannot be.",
            extensions: Extensions(errors: errors))
    }

    static func invalid(_ errors: [FieldError]) -> Problem {
        Problem(
            status: .unprocessableContent, code: "invalid", detail: "The body has fields that cannot be accepted.",
            extensions: Extensions(errors: errors))
    }

    /// - Parameter differences: the fields that are not as in the first one; `nil` when nobody knows any more.
    static func duplicate(of id: RequestID, differences: [String]?) -> Problem {
        let location = APIPath.job(id)
        let detail =
            switch differences?.count {
            case nil: "This providerRequestId was accepted before."
            case 0: "This providerRequestId was accepted before, with the same body."
            default: "This providerRequestId was accepted before, with another body; nothing was kept of this one."
            }
        return Problem(
            status: .conflict, code: "duplicate", detail: detail, headers: [.location: location],
            extensions: Extensions(id: id, location: location, differences: differences))
    }

    /// It has come to its end.
    static func closed(_ status: OrganizationStatus) -> Problem {
        Problem(status: .conflict, code: "closed", detail: "The request is \(status.rawValue) already.")
    }

    static let withdrawn = Problem(
        status: .conflict, code: "closed", detail: "You have withdrawn the request: it is corrected no more.")

    static let begun = Problem(
        status: .conflict, code: "begun",
        detail: "Somebody has begun with it: tell the organization itself what has changed.")

    static let erased = Problem(
        status: .conflict, code: "erased", detail: "The request's personal data was erased, as its time is over.")

    static let badIdempotencyKey = Problem(
        status: .badRequest, code: "bad-idempotency-key",
        detail: "Idempotency-Key must be given once, with 1 to 255 visible ASCII characters.")

    static let idempotencyKeyReused = Problem(
        status: .unprocessableContent, code: "idempotency-key-reused",
        detail: "Another request came with this Idempotency-Key within a day.")

    static let idempotencyKeyInUse = Problem(
        status: .conflict, code: "idempotency-key-in-use",
        detail: "A request with this Idempotency-Key is being answered.", headers: [.retryAfter: "1"])

    /// - Parameter wait: until the next one may come.
    static func rateLimited(wait: Duration) -> Problem {
        let seconds = max(1, Int(clamping: (wait / .seconds(1)).rounded(.up)))
        return Problem(
            status: .tooManyRequests, code: "rate-limited",
            detail: "More requests came than were agreed; send it later.",
            headers: [.retryAfter: String(seconds)])
    }

    static func tooManyInFlight(limit: Int) -> Problem {
        Problem(
            status: .tooManyRequests, code: "too-many-in-flight",
            detail: "At most \(limit) requests may be under way at once; wait for answers.", headers: [.retryAfter: "1"]
        )
    }

    /// - Parameter job: anything but in progress.
    static func notUnderWay(_ job: JobState) -> Problem {
        let detail =
            switch job {
            case .completed: "The partner was told: there is nothing under way."
            case .failed: "A stage gave the request up: replay its dead letter."
            case .inReview: "The request waits for a person to decide."
            case .inProgress: "The request is under way."
            }
        return Problem(status: .conflict, code: "not-under-way", detail: detail)
    }

    static let gone = Problem(
        status: .gone, code: "gone", detail: "The job ended long ago; how it went is not kept any more.")

    static let notAcceptable = Problem(
        status: .notAcceptable, code: "not-acceptable",
        detail: "There is application/json, text/csv and application/geo+json.")

    static let notDecided = Problem(
        status: .conflict, code: "not-decided",
        detail: "It is not decided yet whether the organization covers the place.")

    static let declined = Problem(
        status: .conflict, code: "declined", detail: "The organization does not cover the place.")

    static let noReview = Problem(
        status: .conflict, code: "no-review", detail: "Nobody was asked to decide: the rules are not done with it yet.")

    /// Somebody was faster.
    static func alreadyDecided(_ request: StoredRequest) -> Problem {
        let who =
            switch request.decision?.reason {
            case .reviewAccepted?, .reviewDeclined?: "a person"
            case .reviewOverdue?: "its deadline"
            default: "the rules"
            }
        let isAccepted = request.decision?.acceptance ?? request.receipt?.acceptance ?? false
        return Problem(
            status: .conflict, code: "already-decided",
            detail: "It was \(isAccepted ? "accepted" : "declined") by \(who) before.",
            extensions: Extensions(decision: request.decision?.fact))
    }

    static let preconditionFailed = Problem(
        status: .preconditionFailed, code: "precondition-failed",
        detail: "The request is not any more what If-Match says.")

    static func statusTransition(from status: OrganizationStatus) -> Problem {
        Problem(
            status: .conflict, code: "status-transition",
            detail: "There is no such step from the status \(status.rawValue).")
    }

    static let underWay = Problem(
        status: .conflict, code: "under-way",
        detail: "The street is still needed to find the place. Wait for that, or force it.")

    static func failed(_ job: JobView, _ failure: JobView.Failure) -> Problem {
        Problem(
            status: .badRequest, code: "job-failed", detail: "The request could not be processed.",
            extensions: Extensions(id: job.id, job: job, error: failure))
    }
}
