import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird

/// The forms in which a list of requests can be had; the first one is what a client gets that has no wish.
enum RequestListFormat: String, Sendable, CaseIterable {
    case json = "application/json"
    case csv = "text/csv"
    case geoJSON = "application/geo+json"

    /// - Throws: `Problem` with status 406 when the client wants none of them.
    static func accepted(by request: Request) throws(Problem) -> RequestListFormat {
        guard let index = MediaRanges(request.headers[values: .accept]).best(of: allCases.map(\.rawValue)) else {
            throw .notAcceptable
        }
        return allCases[index]
    }

    /// - Parameters:
    ///   - forStaff: whether the organisation asks.
    ///   - next: the next page's path; `nil` on the last.
    func response(_ requests: [StoredRequest], forStaff: Bool, next: String?) -> Response {
        var headers: HTTPFields = [.vary: "accept"]
        // RFC 8288.
        if let next { headers[.link] = "<\(next)>; rel=\"next\"" }
        switch self {
        case .json:
            let views = requests.map { RequestView($0, forStaff: forStaff) }
            return Response(status: .ok, json: List(requests: views, next: next), headers: headers)
        case .csv:
            return Response(
                status: .ok, bytes: RequestTable.csv(requests),
                contentType: "\(rawValue); charset=utf-8; header=present", headers: headers)
        case .geoJSON:
            return Response(
                status: .ok, json: RequestFeatures(requests, forStaff: forStaff), contentType: rawValue,
                headers: headers)
        }
    }

    private struct List: Encodable {
        var requests: [RequestView]
        /// The next page's path; absent on the last.
        var next: String?
    }
}

extension HTTPField.Name {
    /// A valid token, so that this cannot fail.
    static let link = HTTPField.Name("link")!
}
