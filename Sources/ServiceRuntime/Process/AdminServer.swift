import Hummingbird
import Logging
import ServiceLifecycle

/// Health and metrics over HTTP, on a listener of its own.
///
/// - `GET /health/live`: 200 as long as the process answers.
/// - `GET /health/ready`: 200 or 503, a line for each check.
/// - `GET /metrics`: Prometheus text format 0.0.4.
/// - `/admin/…`: what the service itself adds, see `AdminRoutes`.
struct AdminServer {
    let settings: ProcessSettings
    let health: HealthRegistry
    let metrics: PrometheusRegistry
    let routes: AdminRoutes
    let logger: Logger

    func application() -> some ApplicationProtocol {
        let router = Router()
        router.get("/health/live") { _, _ in "ok\n" }
        router.get("/health/ready") { [health] _, _ in
            let report = await health.report()
            let text = report.lines.map { "\($0.name): \($0.state)\n" }.joined()
            return Response(
                status: report.isReady ? .ok : .serviceUnavailable,
                headers: [.contentType: "text/plain; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
        let guarded = router.group().add(middleware: AdminTokenMiddleware(token: settings.adminToken))
        guarded.get("/metrics") { [metrics] _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.render())))
        }
        routes.register(on: guarded.group("/admin"))
        return Application(
            router: router,
            configuration: ApplicationConfiguration(
                address: .hostname(settings.adminHost, port: settings.adminPort), serverName: nil),
            logger: logger)
    }
}
