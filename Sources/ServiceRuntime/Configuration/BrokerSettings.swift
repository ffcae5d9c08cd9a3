package import Broker
import Foundation

/// How a service reaches the broker.
package struct BrokerSettings: Sendable {
    package var connection: ConnectionConfiguration

    /// - Parameter name: what the management UI shows, e.g. `geocode`.
    package init(_ settings: inout Settings, name: String) {
        let urls = settings.string(
            "broker.url", default: "amqp://guest:guest@127.0.0.1:5672/",
            meaning: "amqp://user:password@host:port/vhost, amqps:// for TLS; several nodes with commas between them.")
        let parsed = urls.split(separator: ",").map { BrokerURL(String($0)) }
        let password = settings.secret(
            "broker.password", need: Self.need(parsed.first ?? nil), meaning: "The password, whatever broker.url says.")
        let files = FilesForTLS(&settings)
        connection = ConnectionConfiguration(
            endpoints: parsed.compactMap { $0?.endpoint }, credentials: .plain(user: "", password: ""), name: name)
        if let first = parsed.first ?? nil, parsed.allSatisfy({ $0 != nil }) {
            connection.credentials = .plain(
                user: first.user ?? "guest", password: password ?? first.password ?? "guest")
            connection.virtualHost = first.virtualHost
            if parsed.contains(where: { $0?.isTLS != first.isTLS || $0?.virtualHost != first.virtualHost }) {
                settings.reject("broker.url", "all nodes must share scheme and virtual host")
            }
            if first.isTLS { connection.tls = files.configuration(&settings) }
        } else {
            settings.reject("broker.url", "is not amqp://user:password@host:port/vhost (or amqps://)")
        }
        connection.heartbeat = settings.duration(
            "broker.heartbeat", default: .seconds(20), in: .seconds(2)...(.seconds(600)),
            meaning: "A broker that is silent for twice as long is taken for dead.")
    }

    /// Why there must be a password beside the URL.
    private static func need(_ url: BrokerURL?) -> String? {
        guard let user = url?.user, url?.password == nil else { return nil }
        return "since broker.url names the user \(user) without a password"
    }
}

/// The files that a connection over TLS needs. Their keys are asked for without TLS too, so that they are known.
private struct FilesForTLS {
    private let authorities: String?
    private let certificate: String?
    private let key: String?

    init(_ settings: inout Settings) {
        authorities = settings.optionalString(
            "broker.ca-file", meaning: "PEM file of the authorities that are trusted; the system's without it.")
        certificate = settings.optionalString(
            "broker.certificate-file", meaning: "PEM file of the client certificate.")
        key = settings.optionalString("broker.key-file", meaning: "PEM file of its private key.")
    }

    func configuration(_ settings: inout Settings) -> ConnectionConfiguration.TLS {
        var tls = ConnectionConfiguration.TLS()
        let files = [
            ("broker.ca-file", authorities), ("broker.certificate-file", certificate), ("broker.key-file", key),
        ]
        for case (let name, let path?) in files where !FileManager.default.isReadableFile(atPath: path) {
            settings.reject(name, "\(path) cannot be read")
        }
        if let authorities { tls.authorities = authorities }
        switch (certificate, key) {
        case (let chain?, let key?): tls.clientCertificate = (chain, key)
        case (nil, nil): break
        case (_?, nil): settings.reject("broker.key-file", "is required with broker.certificate-file")
        case (nil, _?): settings.reject("broker.certificate-file", "is required with broker.key-file")
        }
        return tls
    }
}

/// An AMQP URI (RabbitMQ URI specification): `amqp[s]://user:password@host[:port][/vhost]`.
struct BrokerURL: Sendable, Equatable {
    var endpoint: ConnectionConfiguration.Endpoint
    var user: String?
    var password: String?
    var virtualHost: String
    var isTLS: Bool

    init?(_ text: String) {
        guard let parts = URLComponents(string: text.trimmingCharacters(in: .whitespaces)),
            let scheme = parts.scheme?.lowercased(), scheme == "amqp" || scheme == "amqps", let host = parts.host,
            !host.isEmpty, parts.query == nil, parts.fragment == nil
        else { return nil }
        isTLS = scheme == "amqps"
        let port = parts.port ?? (isTLS ? 5671 : 5672)
        guard (1...65535).contains(port) else { return nil }
        // An IPv6 address stands in brackets in a URI only.
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        endpoint = ConnectionConfiguration.Endpoint(host: bare, port: port)
        user = parts.user
        password = parts.password
        // No path, or an empty one, is the default virtual host.
        let path = parts.percentEncodedPath.dropFirst()
        guard !path.contains("/"), let name = String(path).removingPercentEncoding else { return nil }
        virtualHost = name.isEmpty ? "/" : name
    }
}
