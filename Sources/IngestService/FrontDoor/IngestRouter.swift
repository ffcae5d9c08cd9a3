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
        // What every request of a partner's needs stays on the thread of its connection.
        router.post(RouterPath(APIPath.requests), use: submissions.post)
        router.post(RouterPath(APIPath.legacyRequest), use: submissions.post)
        router.get(RouterPath(APIPath.jobPattern), use: queries.job)
        let apart = router.group().add(middleware: HandledApart())
        apart.get(RouterPath(APIPath.requests), use: queries.requests)
        apart.get(RouterPath(APIPath.requestPattern), use: queries.request)
        apart.patch(RouterPath(APIPath.requestPattern), use: statuses.patch)
        apart.get(RouterPath(APIPath.attemptsPattern), use: partners.attempts)
        apart.post(RouterPath(APIPath.resendPattern), use: partners.resend)
        apart.post(RouterPath(APIPath.withdrawPattern), use: partners.withdraw)
        apart.get(RouterPath(APIPath.openAPI), use: OpenAPIController().yaml)
        apart.get(RouterPath(APIPath.openAPIJSON), use: OpenAPIController().json)
        docs?.register(on: apart)
        desk?.register(on: apart)
        partnerPages?.register(on: apart)
        return router
    }
}
