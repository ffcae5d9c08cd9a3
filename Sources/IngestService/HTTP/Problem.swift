import Contracts
import HTTPTypes
import Hummingbird

/// An answer that is an error: problem details for HTTP APIs (RFC 9457). Holds nothing of what the client sent.
struct Problem: Error, Sendable {
    var status: HTTPResponse.Status
    /// Names the kind of problem: the last part of its type, and of the metric that counts it.
    var code: String
    /// For people, about this occurrence.
    var detail: String
    var headers: HTTPFields = [:]
    var extensions = Extensions()

    /// Members beside those that the RFC defines.
    struct Extensions: Sendable {
        /// What is wrong with each field.
        var errors: [FieldError]?
        /// The request that the problem is about.
        var id: Contracts.RequestID?
        /// Where its job is.
        var location: String?
        /// The job as a whole.
        var job: JobView?
        /// Why the job failed.
        var error: JobView.Failure?
        /// What was decided before.
        var decision: DecisionView?
    }

    static let contentType = "application/problem+json"

    func response() -> Response {
        Response(status: status, json: body, contentType: Self.contentType, headers: headers)
    }

    private var body: Body {
        Body(
            type: "urn:intake:problem:\(code)", title: status.reasonPhrase, status: status.code, detail: detail,
            code: code, errors: extensions.errors, id: extensions.id, location: extensions.location,
            job: extensions.job,
            error: extensions.error, decision: extensions.decision)
    }

    /// The body for an answer that is not made by the router.
    func document() throws -> [UInt8] { try Response.json(body) }

    private struct Body: Encodable {
        var type: String
        var title: String
        var status: Int
        var detail: String
        var code: String
        var errors: [FieldError]?
        var id: Contracts.RequestID?
        var location: String?
        var job: JobView?
        var error: JobView.Failure?
        var decision: DecisionView?
    }
}
