import Crypto
import HTTPListener
import HTTPTypes
import Hummingbird
import NIOCore

/// The routes of the listener for questions.
enum CoverageRouter {
    static let path = "/api/coverage"
    static let documentPath = "/api/coverage/openapi.yaml"

    static func build(_ questions: CoverageController) -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestMetricsMiddleware(RequestMetrics()))
        router.add(
            middleware: ProblemMiddleware { [path, documentPath].contains($0) ? .methodNotAllowed : nil })
        router.get(RouterPath(path), use: questions.get)
        let document = ByteBuffer(bytes: PackageResources.openapi_yaml)
        router.get(RouterPath(documentPath)) { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/yaml", .cacheControl: "max-age=60"],
                body: ResponseBody(byteBuffer: document))
        }
        return router
    }
}
