import Contracts
import HTTPListener
import HTTPTypes

/// The paths of the API.
enum APIPath {
    static let requests = "/api/requests"
    /// The path under which existing clients post.
    static let legacyRequest = "/api/request"
    static let requestPattern = "/api/requests/{id}"
    static let attemptsPattern = "/api/requests/{id}/attempts"
    static let resendPattern = "/api/requests/{id}/resend"
    static let withdrawPattern = "/api/requests/{id}/withdraw"
    static let jobPattern = "/api/jobs/{id}"
    static let openAPI = "/openapi.yaml"
    static let openAPIJSON = "/openapi.json"
    static let docs = "/docs"

    static func job(_ id: RequestID) -> String { "/api/jobs/\(id)" }
    static func request(_ id: RequestID) -> String { "/api/requests/\(id)" }

    /// The problem with a path's other methods; `nil` when there is no such path.
    @Sendable static func otherMethod(_ path: String) -> Problem? {
        let methods = methods(path)
        return methods.isEmpty ? nil : .methodNotAllowed(methods)
    }

    /// The methods that a path has; empty when there is no such path.
    static func methods(_ path: String) -> [HTTPRequest.Method] {
        let parts = path.split(separator: "/")
        if parts.count == 4, parts.starts(with: ["api", "requests"]) {
            return switch parts[3] {
            case "attempts": [.get, .head]
            case "resend", "withdraw": [.post]
            default: []
            }
        }
        return switch (parts.first, parts.dropFirst().first, parts.count) {
        case ("api", "requests", 2): [.get, .head, .post]
        case ("api", "request", 2): [.post]
        case ("api", "requests", 3): [.get, .head, .patch]
        case ("api", "jobs", 3): [.get, .head]
        case ("openapi.yaml", nil, 1), ("openapi.json", nil, 1), ("docs", nil, 1): [.get, .head]
        default: []
        }
    }
}
