import Hummingbird

/// Lets nobody in without the token.
struct AdminTokenMiddleware<Context: RequestContext>: RouterMiddleware {
    /// `nil` when the listener is on a loopback address and no token is configured.
    let token: String?

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard token == nil || request.headers[.authorization] == token.map({ "Bearer \($0)" }) else {
            return Response(status: .unauthorized, headers: [.wwwAuthenticate: "Bearer"])
        }
        return try await next(request, context)
    }
}
