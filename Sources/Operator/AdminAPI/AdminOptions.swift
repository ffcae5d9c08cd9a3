import AdminAPI
import ArgumentParser
import Foundation
import Terminal

/// How to reach a service's admin listener.
struct AdminOptions<Listener: AdminListener>: ParsableArguments {
    @Option(help: Listener.service.help)
    var adminUrl: String?

    @Option(help: "Its token. (default: $INTAKE_ADMIN_TOKEN, or the file that $INTAKE_ADMIN_TOKEN_FILE names)")
    var adminToken: String?

    /// Of the first process, where the variable names several.
    /// - Throws: `CommandError` when the URL is none, or the token's file cannot be used.
    func api(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandError) -> ServiceAdmin {
        try apis(environment)[0]
    }

    /// Of each process that is named, one at least.
    func apis(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandError) -> [ServiceAdmin] {
        try ServiceAdmin.all(Listener.service, at: adminUrl, token: adminToken, environment)
    }
}

extension AdminService {
    /// Of the option that says where it is.
    var help: ArgumentHelp { "Where \(name)'s admin listener is. (default: $\(variable), else \(url))" }
}

extension ServiceAdmin {
    /// The admin listeners of a service's processes, one at least: those that are given, or that the variable names,
    /// with commas between them, or where `deploy/up` has it.
    /// - Throws: `CommandError`, which names the option, when a URL is none, or the token's file cannot be used.
    static func all(
        _ service: AdminService, at given: String?, option: String = "--admin-url", token: String?,
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandError) -> [ServiceAdmin] {
        let token = if let token { token } else { try EnvironmentSecret.read("admin.token", from: environment) }
        // As in the services: empty is absent.
        let variable = environment[service.variable].flatMap { $0.isEmpty ? nil : $0 }
        var apis: [ServiceAdmin] = []
        for part in (given ?? variable ?? service.url).split(separator: ",", omittingEmptySubsequences: false) {
            let base = String(part.drop { $0 == " " })
            try checkURL(base, option: option, example: service.url)
            apis.append(ServiceAdmin(base: base, token: token, service: service, option: option))
        }
        return apis
    }

    /// - Throws: `CommandError`, which names the option, when the URL is none.
    static func checkURL(_ url: String, option: String, example: String) throws(CommandError) {
        guard ServiceURL.isOne(url) else { throw CommandError("\(option) must look like \(example)") }
    }
}

/// Whose admin listener it is.
protocol AdminListener {
    static var service: AdminService { get }
}

enum IngestListener: AdminListener { static let service = AdminService.ingest }
enum CallbackListener: AdminListener { static let service = AdminService.callback }
