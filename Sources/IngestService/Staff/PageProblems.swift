import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging
import Pages

/// Shows errors as pages, in a room for people.
struct PageProblems: RouterMiddleware {
    typealias Context = BasicRequestContext

    let room: PageFrame.Room
    let templates: PageTemplates

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let failure as BodyReadFailure {
            throw failure.underlying
        } catch let problem as Problem {
            return page(problem)
        } catch let error as StoreError {
            context.logger.error("The store cannot be used.", metadata: ["error": "\(error)"])
            return page(
                Problem(
                    status: .serviceUnavailable, code: "store-unavailable",
                    detail: "The store does not answer at the moment. Try again in a minute.",
                    headers: [.retryAfter: "30"]))
        } catch let error as any HTTPResponseError {
            return page(
                error.status == .notFound
                    ? .notFound
                    : Problem(
                        status: error.status, code: "http-\(error.status.code)", detail: error.status.reasonPhrase))
        } catch {
            context.logger.error(
                "A page ended in an unexpected error.",
                metadata: ["error": "\(type(of: error))", "path": "\(context.endpointPath ?? "")"])
            return page(.internalError)
        }
    }

    private struct View: Sendable {
        var heading: String
        var text: String
        var back: String
        var backText: String
    }

    private func page(_ problem: Problem) -> Response {
        let heading =
            switch problem.status {
            case .notFound: "There is nothing here"
            case .unauthorized, .forbidden: "Not possible"
            case .serviceUnavailable: "Not at the moment"
            default: "This did not work"
            }
        let text =
            problem.status == .notFound
            ? "The address may be wrong, or what it led to is not yours to see." : problem.detail
        let view = View(
            heading: heading, text: text, back: "/\(room.rawValue)",
            backText: problem.status == .unauthorized ? "Sign in" : "Back to the beginning")
        let frame = PageFrame(heading, room: room)
        return .page(templates.html("message", Page(frame, view)), status: problem.status, headers: problem.headers)
    }
}
