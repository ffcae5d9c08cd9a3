import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird

/// Refuses what a browser on this host sends for a page of somebody else's.
///
/// A listener on a loopback address trusts whoever reaches it, and every page that a browser on the host shows can make
/// it send requests there. A page under a name that has been pointed to this host (DNS rebinding) shows in `Host`,
/// every other one in `Origin` (RFC 6454, section 7) or `Sec-Fetch-Site` (W3C Fetch Metadata). What is no browser sends
/// neither of the two.
///
/// One thing is let through: somebody who comes to a page for people by a link, or back from an identity provider. That
/// is a GET for a whole window (`Sec-Fetch-Mode: navigate`, `Sec-Fetch-Dest: document`); it changes nothing, and the
/// other site sees nothing of the answer.
struct OriginCheck<Context: RequestContext>: RouterMiddleware {
    /// The names by which the listener may be asked, in lower case and without port; `nil` for any.
    let hosts: Set<String>?
    /// Paths below which there are pages for people.
    var pages: Set<String> = []

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        if let problem = problem(with: request) { return problem.response() }
        return try await next(request, context)
    }

    private func problem(with request: Request) -> Problem? {
        let authority = request.head.authority ?? ""
        // Without `Host` it is no browser: HTTP/1.0.
        if let hosts, !authority.isEmpty, !Self.isLoopback(authority), !hosts.contains(Self.host(authority)) {
            return Problem(
                status: .misdirectedRequest, code: "foreign-host",
                detail:
                    "This listener is not known by the name in Host; \(Settings.variable("admin.hosts")) lists more.")
        }
        if let origin = request.headers[.origin], !Self.isSame(origin, authority) { return .foreignOrigin }
        if let site = request.headers[.secFetchSite],
            !["same-origin", "none"].contains(where: { site.isSame(as: $0) }),
            !isVisit(request, from: site)
        {
            return .foreignOrigin
        }
        return nil
    }

    private func isVisit(_ request: Request, from site: String) -> Bool {
        guard request.method == .get, ["cross-site", "same-site"].contains(where: { site.isSame(as: $0) }),
            request.headers[.secFetchMode]?.isSame(as: "navigate") == true,
            request.headers[.secFetchDest]?.isSame(as: "document") == true
        else { return false }
        let path = request.uri.path
        return pages.contains { path == $0 || path.hasPrefix($0 + "/") }
    }

    private static func isSame(_ origin: String, _ authority: String) -> Bool {
        ["http://", "https://"].contains { origin.isSame(as: $0 + authority) }
    }

    private static func isLoopback(_ authority: String) -> Bool {
        let host = host(authority)
        guard host.utf8.count <= 255 else { return false }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let isIPv4 = parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8(foreign: $0) != nil }
        return isIPv4 || host == "localhost" || host == "[::1]"
    }

    /// The part before the port; empty for what is too long to be a name.
    static func host(_ authority: String) -> String {
        guard authority.utf8.count <= 300 else { return "" }
        let bytes = authority.utf8
        let colon = bytes.lastIndex(of: UInt8(ascii: ":"))
        let isPort = colon.map { bytes[$0...].dropFirst().allSatisfy { (0x30...0x39).contains($0) } } ?? false
        return authority[..<(isPort ? colon ?? bytes.endIndex : bytes.endIndex)].lowercased()
    }
}

/// Takes JSON alone where something can be changed: a form of another site's page can send `text/plain` and its like
/// without asking first (WHATWG Fetch, "CORS-safelisted request-header"), `application/json` it cannot.
struct JSONBodies<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard request.method != .get, request.method != .head else { return try await next(request, context) }
        let length = request.headers[.contentLength]
        let hasBody = request.headers[.transferEncoding] != nil || (length != nil && length != "0")
        let type = request.headers[.contentType]
        guard type == nil ? !hasBody : MediaType.isJSON(type, orSuffix: false) else {
            return Problem.notJSON.response()
        }
        return try await next(request, context)
    }
}

extension Problem {
    fileprivate static let foreignOrigin = Problem(
        status: .forbidden, code: "foreign-origin", detail: "A browser sends this for a page of another site.")
}

extension HTTPField.Name {
    // Valid tokens, so that these cannot fail.
    fileprivate static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
    fileprivate static let secFetchMode = HTTPField.Name("Sec-Fetch-Mode")!
    fileprivate static let secFetchDest = HTTPField.Name("Sec-Fetch-Dest")!
}
