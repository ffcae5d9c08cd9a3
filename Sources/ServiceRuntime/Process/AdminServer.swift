import AdminAPI
package import HTTPListener
import HTTPTypes
import Hummingbird
import Logging
import ServiceLifecycle

/// Health and metrics over HTTP, on a listener of its own.
///
/// - `GET /health/live`: 200 as long as the process answers.
/// - `GET /health/ready`: 200 or 503, a line for each check; `Intake-Service` says whose they are.
/// - `GET /metrics`: Prometheus text format 0.0.4.
/// - `/admin/…`: the endpoints of `AdminAPI`: the log's level, and what the service itself adds to `AdminRoutes`.
/// - The service's pages for people.
struct AdminServer {
    let settings: ProcessSettings
    let health: HealthRegistry
    let metrics: PrometheusRegistry
    let levels: LogLevels
    let routes: AdminRoutes
    let logger: Logger

    /// - Throws: nothing, since it has no certificate.
    func application() throws -> some ApplicationProtocol {
        var limits = ConnectionLimits.admin
        limits.connections = OpenFilesLimit.connections(limits.connections, logger: logger)
        let listener = GuardedListener("admin", limits: limits, logger: logger)
        return Application(
            router: router(), server: try listener.server(),
            configuration: listener.configuration(host: settings.adminHost, port: settings.adminPort), logger: logger)
    }

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: RequestMetricsMiddleware(RequestMetrics()))
        router.add(middleware: OriginCheck(hosts: settings.adminHosts, pages: routes.pagePaths))
        let report = SharedReport(health)
        router.get("/health/live") { _, _ in "ok\n" }
        router.get("/health/ready") { [name = settings.name] _, _ in
            let report = await report.current()
            let text = report.lines.map { "\($0.name): \($0.state)\n" }.joined()
            return Response(
                status: report.isReady ? .ok : .serviceUnavailable,
                headers: [.contentType: "text/plain; charset=utf-8", .intakeService: name],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
        let guarded = router.group().add(middleware: AdminTokenMiddleware(token: settings.adminToken))
        guarded.get("/metrics") { [metrics] _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.render())))
        }
        let admin = guarded.group(RouterPath(AdminRoute.root)).add(middleware: JSONBodies())
        LogLevelController(levels: levels).register(on: admin)
        routes.register(on: admin)
        routes.registerPages(on: router.group())
        return router
    }
}

extension HTTPField.Name {
    /// The name is a valid token, so that this cannot fail.
    static let intakeService = HTTPField.Name(AdminService.header)!
}

extension ConnectionLimits {
    /// Operators, Prometheus and probes are few.
    package static var admin: ConnectionLimits {
        var limits = ConnectionLimits()
        limits.connections = 128
        return limits
    }
}
