import Contracts
import HTTPListener
import HTTPTypes
package import Hummingbird
import Tracing

/// Makes a span of each request to a listener, below the one that its `traceparent` names. What handlers read in that
/// header is then the span's own place, so that what follows from the request stands below it. A request that only
/// looks begins no trace of its own.
///
/// Names are those of OpenTelemetry's conventions for HTTP
/// (https://opentelemetry.io/docs/specs/semconv/http/http-spans/). The path is the route's pattern: a path itself may
/// name somebody.
package struct TraceMiddleware<Context: RequestContext>: RouterMiddleware {
    private let spans: SpanRecorder

    package init(spans: SpanRecorder) { self.spans = spans }

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let parent = request.headers[.traceParent].flatMap(TraceParent.init)
        // Clients look again and again.
        let begins = request.method != .get && request.method != .head
        guard parent != nil || begins else { return try await next(request, context) }
        let span = spans.span("HTTP", .server, below: parent)
        guard span.isRecording else { return try await next(request, context) }
        var head = request.head
        head.headerFields[.traceParent] = span.place.header
        let request = Request(head: head, body: request.body)
        defer { span.end() }
        do {
            let response = try await next(request, context)
            describe(span, request, context)
            span.set("http.response.status_code", response.status.code)
            if response.status.code >= 500 { span.fail(String(response.status.code)) }
            return response
        } catch {
            describe(span, request, context)
            span.recordError(error)
            throw error
        }
    }

    /// The route is known when the request has been handled.
    private func describe(_ span: RecordedSpan, _ request: Request, _ context: Context) {
        let method = request.method.isOfRFC9110 ? request.method.rawValue : "_OTHER"
        span.set("http.request.method", method)
        guard let route = context.route else { return span.operationName = method }
        span.set("http.route", route)
        span.operationName = "\(method) \(route)"
    }
}
