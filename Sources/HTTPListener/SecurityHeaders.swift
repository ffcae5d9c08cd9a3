package import HTTPTypes
package import Hummingbird

/// Headers of every answer: nothing is kept by a cache, guessed at, framed or run by a browser.
package struct SecurityHeaders<Context: RequestContext>: RouterMiddleware {
    /// Whether clients come by TLS, and are to come by nothing else for a year.
    private let isTLS: Bool

    package init(isTLS: Bool = false) { self.isTLS = isTLS }

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for field in SecurityFields.all(isTLS: isTLS) where !response.headers.contains(field.name) {
            response.headers.append(field)
        }
        return response
    }
}

/// The same for what answers without a router.
package enum SecurityFields {
    package static func all(isTLS: Bool) -> HTTPFields { isTLS ? overTLS : plain }

    private static let plain: HTTPFields = [
        .xContentTypeOptions: "nosniff",
        .cacheControl: "no-store",
        .contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
        .referrerPolicy: "no-referrer",
    ]

    private static let overTLS: HTTPFields = {
        var fields = plain
        fields[.strictTransportSecurity] = "max-age=31536000"
        return fields
    }()
}

/// The names are valid tokens, so that this cannot fail.
extension HTTPField.Name {
    package static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    /// W3C Trace Context, see `TraceParent`.
    package static let traceParent = HTTPField.Name("traceparent")!
}
