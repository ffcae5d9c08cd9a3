package import Contracts
package import Logging

/// What every service's process reads.
///
/// | Key | Meaning | Default |
/// |---|---|---|
/// | `topology.prefix` | what the names of exchanges and queues start with: `a-z`, `0-9`, `-` | `intake` |
/// | `topology.declare` | whether the process declares exchanges, queues and bindings; else it looks whether they are
/// there, with each connection | `true` |
/// | `admin.host`, `admin.port` | where health and metrics are served; port 0 takes a free one | `127.0.0.1`, `8081` |
/// | `admin.token`, or `admin.token-file` with the file that holds it | asked for as bearer token for `/metrics` and
/// `/admin`; required unless the host is a loopback address | none |
/// | `published.address` | where the listeners of a container are published; on a loopback address the demo's tokens
/// are taken | none |
/// | `admin.hosts` | further names, with commas in between, by which a listener on a loopback address may be asked |
/// none |
/// | `log.level` | `trace`, `debug`, `info`, `notice`, `warning`, `error`, `critical` | `info` |
/// | `shutdown.timeout` | how long SIGTERM waits for work in hand | `15s` |
///
/// The broker's keys stand with `BrokerSettings`.
package struct ProcessSettings: Sendable {
    package var topology: Topology
    package var declaresTopology: Bool
    package var adminHost: String
    package var adminPort: Int
    /// The names by which the admin listener may be asked beside those of this host; `nil` for any.
    package var adminHosts: Set<String>?
    package var adminToken: String?
    package var logLevel: Logger.Level
    package var shutdownTimeout: Duration
    package var broker: BrokerSettings

    package init(_ settings: inout Settings, name: String) {
        let prefix = settings.string("topology.prefix", default: "intake")
        if !Topology.isPrefix(prefix) {
            settings.reject("topology.prefix", "'\(prefix)' is not made of a-z, 0-9 and - alone")
        }
        topology = Topology(prefix: prefix)
        declaresTopology = settings.bool("topology.declare", default: true)
        (adminHost, adminPort) = Self.adminAddress(&settings)
        let isLoopback = Settings.isLoopback(adminHost)
        let names = settings.optionalString("admin.hosts")?.split(separator: ",").map {
            $0.trimmingPrefix { $0 == " " }.lowercased()
        }
        adminHosts = isLoopback ? Set(names ?? []).union([adminHost.lowercased()]) : nil
        adminToken = settings.secret(
            "admin.token", need: isLoopback ? nil : "when admin.host is not a loopback address")
        settings.rejectDemoToken(adminToken, "admin.token", host: adminHost)
        logLevel = settings.choice("log.level", default: .info)
        shutdownTimeout = settings.duration(
            "shutdown.timeout", default: .seconds(15), in: .seconds(1)...(.seconds(600)))
        broker = BrokerSettings(&settings, name: name)
    }

    /// Where health and metrics are served.
    static func adminAddress(_ settings: inout Settings) -> (host: String, port: Int) {
        (
            settings.string("admin.host", default: "127.0.0.1"),
            settings.int("admin.port", default: 8081, in: 0...65535)
        )
    }
}
