package import AdminAPI
import Foundation
import HTTPListener
import HTTPTypes
package import Hummingbird
package import Logging

/// What is asked of an endpoint, as its service gets it: path and query are read and checked.
package struct AdminQuestion<Endpoint: AdminEndpoint>: Sendable {
    package var subject: Endpoint.Subject
    package var query: Endpoint.Query
    /// For its headers and its body, which nobody has read yet.
    package var request: Request
    package var logger: Logger
}

extension RouterMethods {
    /// Serves an endpoint below this group, which stands for the root of the admin API. What is thrown is answered with
    /// problem details.
    /// - Parameter isCursor: whether a text can come from the `next` of one of its pages.
    package func serve<Endpoint: AdminEndpoint>(
        _ endpoint: Endpoint.Type, isCursor: @escaping @Sendable (String) -> Bool = { _ in true },
        _ answer: @escaping @Sendable (AdminQuestion<Endpoint>) async throws -> Endpoint.Answer
    ) {
        // Every method that an endpoint has is a token.
        let route = Endpoint.route
        group().add(middleware: ProblemMiddleware()).on(
            RouterPath(route.path), method: HTTPRequest.Method(rawValue: route.method.rawValue)!
        ) {
            request, context -> Response in
            let question = try AdminQuestion<Endpoint>(request, context, isCursor)
            let answer = try await answer(question)
            return Response(status: .success(Endpoint.status(of: answer)), json: answer)
        }
    }
}

extension AdminQuestion {
    /// - Throws: `Problem` with status 400 that names everything that is wrong with the query, with 404 when the path
    ///   names nothing that can be.
    fileprivate init(
        _ request: Request, _ context: some RequestContext, _ isCursor: @escaping (String) -> Bool
    ) throws(Problem) {
        let parameters = request.uri.queryParameters
        var coder = QueryCoder(isCursor: isCursor) { parameters.get($0) }
        query = Endpoint.Query()
        query.code(&coder)
        guard coder.faults.isEmpty else {
            throw Problem(
                status: .badRequest, code: "bad-query", detail: "The query has parameters that cannot be.",
                extensions: FieldErrors(coder.faults.map(FieldError.init)))
        }
        // The router leaves what it captures as it came.
        let text = context.parameters.first.map { String($0.value).removingPercentEncoding } ?? ""
        guard let subject = text.flatMap(Endpoint.Subject.init) else { throw .notFound }
        self.subject = subject
        self.request = request
        logger = context.logger
    }
}

extension FieldError {
    fileprivate init(_ fault: QueryCoder.Fault) {
        self.init(pointer: "/\(fault.name)", detail: fault.detail, code: Code(rawValue: fault.kind.rawValue))
    }
}

extension HTTPResponse.Status {
    /// With its phrase.
    fileprivate static func success(_ code: Int) -> HTTPResponse.Status {
        [.ok, .created, .accepted].first { $0.code == code } ?? .init(code: code)
    }
}
