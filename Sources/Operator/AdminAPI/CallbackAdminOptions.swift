import ArgumentParser
import Foundation

/// How to reach CallbackService's admin listener.
struct CallbackAdminOptions: ParsableArguments {
    static let defaultURL = "http://127.0.0.1:8081"

    @Option(
        help: "Where CallbackService's admin listener is. (default: $INTAKE_CALLBACK_ADMIN_URL, else \(defaultURL))")
    var adminUrl: String?

    @Option(help: "Its token. (default: $INTAKE_ADMIN_TOKEN)")
    var adminToken: String?

    /// - Throws: `OperatorError` when the URL is none.
    func api(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws(OperatorError) -> AdminAPI {
        let url = adminUrl ?? environment["INTAKE_CALLBACK_ADMIN_URL"] ?? Self.defaultURL
        try AdminOptions.check(url, like: Self.defaultURL)
        return AdminAPI(base: url, token: adminToken ?? environment["INTAKE_ADMIN_TOKEN"], service: "CallbackService")
    }
}
