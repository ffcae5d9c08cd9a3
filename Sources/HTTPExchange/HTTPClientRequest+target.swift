package import AsyncHTTPClient
import NIOHTTP1

extension HTTPClientRequest {
    /// Has the request go out for exactly the target that its URL writes: the client's reader of URLs writes some of
    /// them anew, `?filter[id]=1` as `?filter%5Bid%5D=1`, and not every server takes both for the same.
    ///
    /// Nothing else reaches the connection with a request, so the target goes as a header that `AnswerGuard` takes off.
    /// - Precondition: the URL is absolute and has a path; it holds nothing that ends a line.
    package mutating func keepTarget() {
        let slash = UInt8(ascii: "/")
        // Behind the two of `://`.
        guard let scheme = url.utf8.firstIndex(of: slash),
            let path = url.utf8[scheme...].dropFirst(2).firstIndex(of: slash)
        else { return }
        headers.replaceOrAdd(name: HTTPRequestHead.targetHeader, value: String(url[path...]))
    }
}

extension HTTPRequestHead {
    fileprivate static let targetHeader = "intake-request-target"

    mutating func takeTarget() {
        guard let target = headers.first(name: Self.targetHeader) else { return }
        headers.remove(name: Self.targetHeader)
        uri = target
    }
}
