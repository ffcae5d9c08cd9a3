import Foundation

/// Where a service listens, as an option or the environment says it.
package enum ServiceURL {
    /// Where the front door is on this machine, as its own variable says.
    package static var frontDoor: String {
        "http://127.0.0.1:\(ProcessInfo.processInfo.environment["INTAKE_HTTP_PORT"] ?? "8080")"
    }

    /// Whether it is a scheme, a host, and perhaps a port and a path, and nothing else.
    package static func isOne(_ text: String) -> Bool {
        guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme?.lowercased()),
            let host = parts.host, !host.isEmpty
        else { return false }
        return parts.query == nil && parts.fragment == nil && parts.user == nil
    }
}
