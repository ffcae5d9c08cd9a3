import ArgumentParser
import Foundation

/// How to reach IngestService's admin listener.
struct AdminOptions: ParsableArguments {
    static let defaultURL = "http://127.0.0.1:8081"

    @Option(
        help: "Where IngestService's admin listener is. (default: $INTAKE_INGEST_ADMIN_URL, else \(defaultURL))")
    var adminUrl: String?

    @Option(help: "Its token. (default: $INTAKE_ADMIN_TOKEN)")
    var adminToken: String?

    /// - Throws: `OperatorError` when the URL is none.
    func api(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws(OperatorError) -> AdminAPI {
        let url = adminUrl ?? environment["INTAKE_INGEST_ADMIN_URL"] ?? Self.defaultURL
        try Self.check(url, like: Self.defaultURL)
        return AdminAPI(base: url, token: adminToken ?? environment["INTAKE_ADMIN_TOKEN"])
    }

    /// - Throws: `OperatorError` when it is no admin listener's URL.
    static func check(_ url: String, like example: String) throws(OperatorError) {
        guard let parts = URLComponents(string: url), ["http", "https"].contains(parts.scheme?.lowercased()),
            let host = parts.host, !host.isEmpty, parts.query == nil, parts.fragment == nil, parts.user == nil
        else { throw OperatorError("--admin-url must look like \(example)") }
    }
}
