import Contracts
import HTTPListener
import HTTPTypes

/// The problems that this service answers with.
extension Problem {
    static let methodNotAllowed = Problem(
        status: .methodNotAllowed, code: "method-not-allowed", detail: "This can only be read.",
        headers: [.allow: "GET, HEAD"])
    static let unknownOrganization = Problem(
        status: .notFound, code: "unknown-organization", detail: "The coverage names no such organization.")
    static let gazetteerUnavailable = Problem(
        status: .serviceUnavailable, code: "gazetteer-unavailable", detail: "The gazetteer cannot be read.")

    /// - Parameter wait: until the next one may come.
    static func rateLimited(wait: Duration) -> Problem {
        let seconds = max(1, Int(clamping: (wait / .seconds(1)).rounded(.up)))
        return Problem(
            status: .tooManyRequests, code: "rate-limited", detail: "Too many questions come; ask again later.",
            headers: [.retryAfter: String(seconds)])
    }

    /// What is no query at all.
    static func badQuery(_ errors: [FieldError]) -> Problem {
        Problem(
            status: .badRequest, code: "bad-query", detail: "The query is not understood: see errors.",
            extensions: FieldErrors(errors))
    }

    /// What is a query, about something that cannot be.
    static func invalidQuery(_ errors: [FieldError]) -> Problem {
        Problem(
            status: .unprocessableContent, code: "validation", detail: "The query cannot be answered: see errors.",
            extensions: FieldErrors(errors))
    }

    static func badBody(_ detail: String) -> Problem {
        Problem(status: .badRequest, code: "bad-body", detail: detail)
    }

    static func bodyTooLarge(limit: Int) -> Problem {
        Problem(status: .contentTooLarge, code: "body-too-large", detail: "At most \(limit) bytes are taken.")
    }
}
