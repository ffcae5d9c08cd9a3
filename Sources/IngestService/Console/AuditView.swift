import Contracts
import Foundation
import Pages

/// `console-audit`
struct AuditView: Sendable {
    struct Row: Sendable {
        var when: ShownTime
        var who: String
        var what: String
        var detail: String
        var organization: String
        var requestHref: String?
    }

    var person: String
    var organization: String
    var request: String
    var rows: Listed<Row>?
    var nextHref: String?

    init(_ filter: AuditFilter, _ found: [AuditEntry], hasMore: Bool) {
        person = Shown.short(filter.person ?? "", 200)
        organization = Shown.short(filter.organization ?? "", 200)
        request = filter.request.map { "\($0)" } ?? ""
        rows = Listed(
            found.map { entry in
                Row(
                    when: ShownTime(entry.at),
                    who: Shown.short(entry.person, 128),
                    what: Shown.short(entry.action.rawValue, 60), detail: Shown.short(entry.detail ?? "", 300),
                    organization: Shown.short(entry.organization ?? "", 128),
                    requestHref: entry.request.map { "/console/requests/\($0)" })
            })
        if hasMore, let last = found.last {
            var parts = URLComponents()
            parts.queryItems = [
                ("person", filter.person), ("organization", filter.organization),
                ("request", filter.request?.description),
                ("before", "\(last.number)"),
            ].compactMap { name, value in value.map { URLQueryItem(name: name, value: $0) } }
            nextHref = "/console/audit?\((parts.percentEncodedQuery ?? "").replacing("+", with: "%2B"))"
        }
    }
}
