package import HTTPTypes
package import Hummingbird

/// What every page has around its content.
package struct PageFrame: Sendable {
    /// A place that the navigation leads to.
    package struct Link: Sendable {
        var href: String
        var text: String
        /// Of what waits there; `nil` for nothing.
        var count: String?
        var isCurrent: Bool

        package init(_ text: String, _ href: String, count: String? = nil, isCurrent: Bool = false) {
            self.href = href
            self.text = text
            self.count = count
            self.isCurrent = isCurrent
        }
    }

    /// What has just happened.
    package struct Notice: Sendable {
        var text: String
        /// `good`, `bad` or `wait`: one of the style sheet's meanings.
        var tone: String

        package init(_ text: String, tone: String) {
            self.text = text
            self.tone = tone
        }
    }

    /// Who is signed in.
    package struct Person: Sendable {
        var personName: String
        var personOrganization: String

        package init(name: String, organization: String) {
            personName = Shown.short(name, 40)
            personOrganization = Shown.short(organization, 40)
        }
    }

    var title: String
    /// The room's name: the first part of all its paths.
    var base: String
    var product: String
    var links: [Link]
    var person: Person?
    var csrf: String
    package var notice: Notice?
    var assets: AssetPaths

    package init(
        _ title: String, room: Room, links: [Link] = [], person: Person? = nil, csrf: String = "",
        notice: Notice? = nil
    ) {
        self.title = title
        base = room.rawValue
        product = room.product
        self.links = links
        self.person = person
        self.csrf = csrf
        self.notice = notice
        assets = AssetPaths(room)
    }

    /// For whom the pages are.
    package enum Room: String, Sendable {
        case desk, console, partner, docs

        var product: String {
            switch self {
            case .desk: "Desk"
            case .console: "Console"
            case .partner: "Partner"
            case .docs: "API"
            }
        }
    }
}

/// A page's frame and its content.
package struct Page<Content: Sendable>: Sendable {
    package var frame: PageFrame
    package var page: Content

    package init(_ frame: PageFrame, _ page: Content) {
        self.frame = frame
        self.page = page
    }
}

extension Response {
    /// A page for a browser: no cache keeps it, nothing but our own script and style runs in it, and nobody frames it.
    ///
    /// The referrer goes to ourselves alone. With none at all a browser would hide the origin of a form, too.
    package static func page(
        _ html: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.cacheControl] = "no-store"
        headers[.contentSecurityPolicy] = pagePolicy
        headers[.referrerPolicyOfPages] = "same-origin"
        headers[.xContentTypeOptions] = "nosniff"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    package static let pagePolicy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
        form-action 'self'; base-uri 'none'; frame-ancestors 'none'
        """

    /// To another page, by GET, whatever the method was.
    package static func seeOther(_ path: String, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.location] = path
        headers[.cacheControl] = "no-store"
        return Response(status: .seeOther, headers: headers)
    }
}

extension HTTPField.Name {
    // A valid token, so that this cannot fail.
    static let referrerPolicyOfPages = HTTPField.Name("Referrer-Policy")!
}
