import HTTPTypes
import Hummingbird
import Logging

/// Turns every error into problem details: those that handlers throw, and those of the router itself.
struct ProblemMiddleware<Context: RequestContext>: RouterMiddleware {
    /// Paths that can be read, for the answer to any other method: the router says the same of those and of unknown ones.
    var readable: Set<String> = []

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let response = problem(for: error, request, context).response()
            return request.method == .head ? response.createHeadResponse() : response
        }
    }

    private func problem(for error: any Error, _ request: Request, _ context: Context) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as any HTTPResponseError where error.status == .notFound:
            return readable.contains(request.uri.path) ? .methodNotAllowed : .notFound
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
