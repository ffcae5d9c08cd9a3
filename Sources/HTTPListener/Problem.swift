import Contracts
package import HTTPTypes
package import Hummingbird

/// An answer that is an error: problem details for HTTP APIs (RFC 9457). Holds nothing of what the client sent, but of
/// a document that it asks about what is wrong with it.
package struct Problem: Error, Sendable {
    package var status: HTTPResponse.Status
    /// Names the kind of problem: the last part of its type, and of the metric that counts it.
    package var code: String
    /// For people, about this occurrence.
    package var detail: String
    package var headers: HTTPFields
    /// Members beside those that the RFC defines: an object.
    package var extensions: (any Encodable & Sendable)?

    package init(
        status: HTTPResponse.Status, code: String, detail: String, headers: HTTPFields = [:],
        extensions: (any Encodable & Sendable)? = nil
    ) {
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers
        self.extensions = extensions
    }

    package static let contentType = "application/problem+json"

    package func response() -> Response {
        Response(status: status, json: Document(problem: self), contentType: Self.contentType, headers: headers)
    }

    /// The body for an answer that is not made by a router.
    package func document() throws -> [UInt8] { try WireJSON.bytes(Document(problem: self)) }

    private struct Document: Encodable {
        var problem: Problem

        private enum Key: String, CodingKey { case type, title, status, detail, code }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode("urn:intake:problem:\(problem.code)", forKey: .type)
            try container.encode(problem.status.reasonPhrase, forKey: .title)
            try container.encode(problem.status.code, forKey: .status)
            try container.encode(problem.detail, forKey: .detail)
            try container.encode(problem.code, forKey: .code)
            try problem.extensions?.encode(to: encoder)
        }
    }
}

/// What is wrong with one field of a body, or with one parameter. Says nothing of its value.
package struct FieldError: Error, Sendable, Equatable, Encodable {
    /// JSON Pointer (RFC 6901) to the field, under the name that the client gave it; or the parameter's name.
    package var pointer: String
    /// For people.
    package var detail: String
    package var code: Code

    package init(pointer: String, detail: String, code: Code) {
        self.pointer = pointer
        self.detail = detail
        self.code = code
    }

    /// For programs. Open: new codes may be added.
    package struct Code: RawRepresentable, Sendable, Hashable, Encodable {
        package var rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }

        /// Absent, null or blank.
        package static let required = Code(rawValue: "required")
        /// Not of the JSON type that is asked for.
        package static let type = Code(rawValue: "type")
        package static let tooLong = Code(rawValue: "too-long")
        package static let controlCharacter = Code(rawValue: "control-character")
        /// Does not look like what it should be.
        package static let format = Code(rawValue: "format")
        /// Not one of the values that can be.
        package static let notAllowed = Code(rawValue: "not-allowed")
        /// Given twice, with different values; or not to be had together.
        package static let conflict = Code(rawValue: "conflict")
    }
}

/// The member `errors` of a problem.
package struct FieldErrors: Sendable, Encodable {
    package var errors: [FieldError]

    package init(_ errors: [FieldError]) { self.errors = errors }
}

/// The problems that every listener has.
extension Problem {
    package static let notFound = Problem(status: .notFound, code: "not-found", detail: "There is nothing here.")

    package static let internalError = Problem(
        status: .internalServerError, code: "internal", detail: "The service made a mistake.")

    package static let notJSON = Problem(
        status: .unsupportedMediaType, code: "unsupported-media-type", detail: "Send application/json.",
        headers: [.accept: "application/json"])

    /// - Parameter wrong: whether a token was given, but not a right one.
    package static func unauthorized(wrong: Bool) -> Problem {
        Problem(
            status: .unauthorized, code: "unauthorized",
            detail: wrong ? "The token is not known." : "Send your token as Authorization: Bearer <token>.",
            headers: [
                .wwwAuthenticate: wrong ? #"Bearer realm="intake", error="invalid_token""# : #"Bearer realm="intake""#
            ])
    }

    /// These are answered by the connection, before there is a request.
    static let malformedHTTP = Problem(
        status: .badRequest, code: "malformed-http", detail: "What came is not HTTP/1.1.")

    /// Said of a head that can be read, and yet is none of HTTP/1.1.
    static func malformedHTTP(_ detail: String) -> Problem {
        Problem(status: .badRequest, code: "malformed-http", detail: detail)
    }

    static let transferCoding = Problem(
        status: .notImplemented, code: "transfer-coding",
        detail: "Of transfer codings chunked alone is taken: send the body as it is.")

    static func headTooLarge(limit: Int) -> Problem {
        Problem(
            status: .requestHeaderFieldsTooLarge, code: "head-too-large",
            detail: "Request line and headers may have at most \(limit) bytes.")
    }

    static let tooSlow = Problem(
        status: .requestTimeout, code: "too-slow", detail: "The request took too long to come.")
}
