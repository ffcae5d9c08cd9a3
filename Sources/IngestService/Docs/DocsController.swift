import HTTPListener
import HTTPTypes
import Hummingbird
import Pages

/// `GET /docs`: the OpenAPI document as a page for people, for everybody who reaches the API.
struct DocsController: Sendable {
    /// Written once, since all that it says is part of the executable, and while the service starts: it takes longer
    /// than one who asks should wait, and nobody else has to. It cannot fail.
    private let html: Task<String, Never>

    init(templates: PageTemplates) {
        html = Task(priority: .utility) { Self.html(PackageResources.openapi_yaml, templates) }
    }

    func register(on router: some RouterMethods<BasicRequestContext>) {
        router.get(RouterPath(APIPath.docs), use: page)
        router.get("\(APIPath.docs)/assets/{name}", use: AssetController().get)
    }

    @Sendable private func page(_ request: Request, context: some RequestContext) async throws -> Response {
        .page(await html.value)
    }

    static func html(_ document: [UInt8], _ templates: PageTemplates) -> String {
        // A test holds the document to being one.
        guard let page = OpenAPIPage(document) else { return "" }
        let frame = PageFrame(
            "The API", room: .docs,
            links: [
                .init("The API", APIPath.docs, isCurrent: true), .init("OpenAPI as YAML", APIPath.openAPI),
                .init("as JSON", APIPath.openAPIJSON), .init("Your callbacks", "/partner"),
            ])
        return templates.html("docs", Page(frame, page))
    }
}
