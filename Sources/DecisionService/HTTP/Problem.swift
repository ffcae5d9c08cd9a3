import Contracts
import HTTPTypes
import Hummingbird

/// An answer that is an error: problem details for HTTP APIs (RFC 9457), as IngestService gives them. Holds nothing of what
/// the client sent, but of a draft what is wrong with it.
struct Problem: Error, Sendable {
    var status: HTTPResponse.Status
    /// Names the kind of problem: the last part of its type.
    var code: String
    /// For people, about this occurrence.
    var detail: String
    var headers: HTTPFields = [:]
    /// What is wrong with each parameter.
    var errors: [ParameterError]?
    /// What is wrong with a draft, as the service would say it at its start.
    var problems: [String]?
    /// Files that a draft names and that did not come with it.
    var missingFiles: [String]?

    static let contentType = "application/problem+json"

    func response() -> Response {
        Response(
            status: status,
            json: Body(
                type: "urn:intake:problem:\(code)", title: status.reasonPhrase, status: status.code, detail: detail,
                code: code, errors: errors, problems: problems, missingFiles: missingFiles),
            contentType: Self.contentType, headers: headers)
    }

    private struct Body: Encodable {
        var type: String
        var title: String
        var status: Int
        var detail: String
        var code: String
        var errors: [ParameterError]?
        var problems: [String]?
        var missingFiles: [String]?
    }
}

/// What is wrong with one parameter or member. Says nothing of its value.
struct ParameterError: Sendable, Equatable, Encodable {
    /// The parameter's name, or a JSON Pointer (RFC 6901) into a body.
    var pointer: String
    /// For people.
    var detail: String
    /// For programs: `required`, `format`, `not-allowed`, `conflict`.
    var code: String
}

extension Problem {
    static let notFound = Problem(status: .notFound, code: "not-found", detail: "There is nothing here.")
    static let methodNotAllowed = Problem(
        status: .methodNotAllowed, code: "method-not-allowed", detail: "This can only be read.",
        headers: [.allow: "GET, HEAD"])
    static let unknownOrganization = Problem(
        status: .notFound, code: "unknown-organization", detail: "The coverage names no such organization.")
    static let internalError = Problem(
        status: .internalServerError, code: "internal", detail: "The service made a mistake.")
    static let gazetteerUnavailable = Problem(
        status: .serviceUnavailable, code: "gazetteer-unavailable", detail: "The gazetteer cannot be read.")

    /// - Parameter wrong: whether a token was given, but not the right one.
    static func unauthorized(wrong: Bool) -> Problem {
        Problem(
            status: .unauthorized, code: "unauthorized",
            detail: wrong ? "The token is not known." : "Send your token as Authorization: Bearer <token>.",
            headers: [
                .wwwAuthenticate: wrong ? #"Bearer realm="intake", error="invalid_token""# : #"Bearer realm="intake""#
            ])
    }

    /// - Parameter wait: until the next one may come.
    static func rateLimited(wait: Duration) -> Problem {
        let seconds = max(1, Int(clamping: (wait / .seconds(1)).rounded(.up)))
        return Problem(
            status: .tooManyRequests, code: "rate-limited", detail: "Too many questions come; ask again later.",
            headers: [.retryAfter: String(seconds)])
    }

    /// What is no query at all.
    static func badQuery(_ errors: [ParameterError]) -> Problem {
        Problem(
            status: .badRequest, code: "bad-query", detail: "The query is not understood: see errors.", errors: errors)
    }

    /// What is a query, about something that cannot be.
    static func invalidQuery(_ errors: [ParameterError]) -> Problem {
        Problem(
            status: .unprocessableContent, code: "validation", detail: "The query cannot be answered: see errors.",
            errors: errors)
    }

    static func badBody(_ detail: String) -> Problem {
        Problem(status: .badRequest, code: "bad-body", detail: detail)
    }

    static func bodyTooLarge(limit: Int) -> Problem {
        Problem(status: .contentTooLarge, code: "body-too-large", detail: "At most \(limit) bytes are taken.")
    }
}
