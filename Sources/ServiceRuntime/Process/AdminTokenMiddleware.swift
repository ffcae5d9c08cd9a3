import Hummingbird

/// Lets nobody in without the token.
struct AdminTokenMiddleware<Context: RequestContext>: RouterMiddleware {
    /// `nil` when the listener is on a loopback address and no token is configured.
    let token: String?

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard token.map({ Self.isSame(request.headers[.authorization] ?? "", "Bearer \($0)") }) ?? true else {
            return Response(status: .unauthorized, headers: [.wwwAuthenticate: "Bearer"])
        }
        return try await next(request, context)
    }

    /// Takes the same time wherever the two differ, so that nobody can guess the token character by character.
    private static func isSame(_ given: String, _ expected: String) -> Bool {
        let given = Array(given.utf8)
        let expected = Array(expected.utf8)
        guard given.count == expected.count else { return false }
        return zip(given, expected).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
