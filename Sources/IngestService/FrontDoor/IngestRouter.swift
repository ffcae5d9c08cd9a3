import HTTPListener
import Hummingbird
import ServiceRuntime

/// The front door's routes.
enum IngestRouter {
    static func build(
        submissions: SubmissionController, queries: QueryController, statuses: StatusController,
        partners: PartnerController, desk: DeskRoom? = nil, partnerPages: PartnerRoom? = nil,
        docs: DocsController? = nil, isTLS: Bool = false,
        spans: SpanRecorder? = nil, requests: RequestMetrics = RequestMetrics()
    ) -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
        if let spans { router.add(middleware: TraceMiddleware(spans: spans)) }
        router.add(middleware: RequestMetricsMiddleware(requests))
        router.add(middleware: SecurityHeaders(isTLS: isTLS))
        router.add(middleware: ProblemMiddleware(otherMethod: APIPath.otherMethod))
        router.post(RouterPath(APIPath.requests), use: submissions.post)
        router.post(RouterPath(APIPath.legacyRequest), use: submissions.post)
        router.get(RouterPath(APIPath.requests), use: queries.requests)
        router.get(RouterPath(APIPath.requestPattern), use: queries.request)
        router.patch(RouterPath(APIPath.requestPattern), use: statuses.patch)
        router.get(RouterPath(APIPath.attemptsPattern), use: partners.attempts)
        router.post(RouterPath(APIPath.resendPattern), use: partners.resend)
        router.post(RouterPath(APIPath.withdrawPattern), use: partners.withdraw)
        router.get(RouterPath(APIPath.jobPattern), use: queries.job)
        router.get(RouterPath(APIPath.openAPI), use: OpenAPIController().yaml)
        router.get(RouterPath(APIPath.openAPIJSON), use: OpenAPIController().json)
        docs?.register(on: router)
        desk?.register(on: router)
        partnerPages?.register(on: router)
        return router
    }
}
