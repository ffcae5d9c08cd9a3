import HTTPTypes
package import Hummingbird
import Logging

/// The connection broke while a body was read.
package struct BodyReadFailure: Error {
    package var underlying: any Error

    package init(underlying: any Error) { self.underlying = underlying }
}

/// Turns every error into problem details: those that handlers throw, and those of the router itself.
package struct ProblemMiddleware<Context: RequestContext>: RouterMiddleware {
    /// The problem with a path that there is for other methods; the router says the same of those and of unknown ones.
    private let otherMethod: @Sendable (_ path: String) -> Problem?

    package init(otherMethod: @escaping @Sendable (_ path: String) -> Problem? = { _ in nil }) {
        self.otherMethod = otherMethod
    }

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let failure as BodyReadFailure {
            // The connection is broken: the server closes it.
            throw failure.underlying
        } catch {
            let response = problem(for: error, request, context).response()
            return request.method == .head ? response.createHeadResponse() : response
        }
    }

    private func problem(for error: any Error, _ request: Request, _ context: Context) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as any HTTPResponseError where error.status == .notFound:
            return otherMethod(request.uri.path) ?? .notFound
        case let error as any HTTPResponseError:
            return Problem(status: error.status, code: "http-\(error.status.code)", detail: error.status.reasonPhrase)
        default:
            context.logger.error(
                "A request ended in an unexpected error.",
                metadata: ["error": "\(type(of: error))", "path": "\(context.endpointPath ?? "")"])
            return .internalError
        }
    }
}
