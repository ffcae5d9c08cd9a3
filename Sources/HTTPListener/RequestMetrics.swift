package import CoreMetrics
import Dispatch
package import HTTPTypes
package import Hummingbird
import Metrics
import Synchronization

/// How long requests to a listener took, by method, route and status, under OpenTelemetry's name
/// (https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#metric-httpserverrequestduration).
///
/// A client's paths and methods are without number: of a path its route counts, and of what no route has, nothing; of
/// methods those that there is a name for. So the labels' values are as many as there are routes and answers.
package final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        var method: String
        var route: String
        var status: Int
    }

    private let factory: any MetricsFactory
    private let timers = Mutex<[Key: Timer]>([:])

    package init(factory: any MetricsFactory = MetricsSystem.factory) { self.factory = factory }

    /// - Parameter route: `nil` where none fits.
    func record(_ method: HTTPRequest.Method, _ route: String?, _ status: Int, _ duration: Duration) {
        let key = Key(
            method: method.isOfRFC9110 ? method.rawValue : "_OTHER", route: route ?? "unmatched", status: status)
        let timer = timers.withLock { timers in
            if let timer = timers[key] { return timer }
            let timer = Timer(
                label: "http_server_request_duration_seconds",
                dimensions: [
                    ("http_request_method", key.method), ("http_route", key.route),
                    ("http_response_status_code", String(status)),
                ], factory: factory)
            timers[key] = timer
            return timer
        }
        let (seconds, attoseconds) = duration.components
        timer.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}

/// Measures each request; in front of all that answers.
package struct RequestMetricsMiddleware<Context: RequestContext>: RouterMiddleware {
    private let metrics: RequestMetrics

    package init(_ metrics: RequestMetrics) { self.metrics = metrics }

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        metrics.record(request.method, context.route, response.status.code, start.duration(to: .now))
        return response
    }
}

extension RequestContext {
    /// The pattern of the route that has taken the request, known when it has been handled; `nil` where none did: the
    /// router calls that by a word that is no path.
    package var route: String? { endpointPath.flatMap { $0.hasPrefix("/") ? $0 : nil } }
}

extension HTTPRequest.Method {
    /// Of an open set those that there is a name for (RFC 9110, section 9; RFC 5789).
    package var isOfRFC9110: Bool {
        [.get, .head, .post, .put, .delete, .connect, .options, .trace, .patch].contains(self)
    }
}
