import ArgumentParser
import Foundation
import Terminal

/// How to reach a service's admin listener.
struct AdminOptions<Listener: AdminListener>: ParsableArguments {
    private static var defaultURL: String { "http://127.0.0.1:\(Listener.port)" }

    @Option(
        help: """
            Where \(Listener.service)'s admin listener is. (default: $\(Listener.variable), else \(Self.defaultURL))
            """)
    var adminUrl: String?

    @Option(help: "Its token. (default: $INTAKE_ADMIN_TOKEN, or the file that $INTAKE_ADMIN_TOKEN_FILE names)")
    var adminToken: String?

    /// Of the first process, where the variable names several.
    /// - Throws: `CommandError` when the URL is none, or the token's file cannot be used.
    func api(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws(CommandError) -> AdminAPI {
        try apis(environment)[0]
    }

    /// Of each process that is named, one at least.
    func apis(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandError) -> [AdminAPI] {
        let text = adminUrl ?? environment[Listener.variable] ?? Self.defaultURL
        let token =
            if let adminToken { adminToken } else { try EnvironmentSecret.read("admin.token", from: environment) }
        var apis: [AdminAPI] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let url = String(part.drop { $0 == " " })
            try Self.check(url)
            apis.append(AdminAPI(base: url, token: token, service: Listener.service))
        }
        return apis
    }

    private static func check(_ url: String) throws(CommandError) {
        try AdminURL.check(url, option: "--admin-url", example: defaultURL)
    }
}

/// Where an admin listener is.
enum AdminURL {
    /// - Throws: `CommandError`, which names the option, when the URL is none.
    static func check(_ url: String, option: String, example: String) throws(CommandError) {
        guard ServiceURL.isOne(url) else { throw CommandError("\(option) must look like \(example)") }
    }
}

/// Whose admin listener it is.
protocol AdminListener {
    static var service: String { get }
    /// The environment variable that says where it is.
    static var variable: String { get }
    /// Where `deploy/up` puts it.
    static var port: Int { get }
}

enum IngestListener: AdminListener {
    static let service = "IngestService"
    static let variable = "INTAKE_INGEST_ADMIN_URL"
    static let port = 8081
}

enum CallbackListener: AdminListener {
    static let service = "CallbackService"
    static let variable = "INTAKE_CALLBACK_ADMIN_URL"
    static let port = 8084
}
