package import Contracts
package import Logging

/// What every service's process reads. The broker's keys stand with `BrokerSettings`.
package struct ProcessSettings: Sendable {
    /// The service's, e.g. `geocode`.
    let name: String
    /// The stage that the process works on.
    let stage: Stage?
    package var topology: Topology
    package var declaresTopology: Bool
    package var adminHost: String
    package var adminPort: Int
    /// The names by which the admin listener may be asked beside those of this host; `nil` for any.
    package var adminHosts: Set<String>?
    package var adminToken: String?
    package var logLevel: Logger.Level
    var logFormat: LogFormat
    package var shutdownTimeout: Duration
    package var broker: BrokerSettings
    /// `nil` where no traces are exported.
    var traces: TraceSettings?

    package init(_ settings: inout Settings, name: String) {
        self.name = name
        let prefix = settings.string(
            "topology.prefix", default: "intake",
            meaning: "What the names of exchanges and queues start with: a-z, 0-9 and -.")
        if !Topology.isPrefix(prefix) {
            settings.reject("topology.prefix", "'\(prefix)' is not made of a-z, 0-9 and - alone")
        }
        let shards = settings.int(
            "shards", default: 1, in: 1...Topology.mostShards,
            meaning: "Into how many queues each of geocode, decision and progress is split. It can grow; all that are "
                + "there are consumed.")
        topology = Topology(prefix: prefix, shards: shards)
        stage = Account(rawValue: name)?.stage
        declaresTopology = settings.bool(
            "topology.declare", default: true,
            meaning: "Whether the service declares exchanges, queues and bindings; else it checks that they exist.")
        (adminHost, adminPort) = Self.adminAddress(&settings)
        let isLoopback = Settings.isLoopback(adminHost)
        let names = settings.optionalString(
            "admin.hosts",
            meaning: "Further names, with commas between them, by which a listener on a loopback address may be asked."
        )?.split(separator: ",").map {
            $0.trimmingPrefix { $0 == " " }.lowercased()
        }
        adminHosts = isLoopback ? Set(names ?? []).union([adminHost.lowercased()]) : nil
        adminToken = settings.secret(
            "admin.token", need: isLoopback ? nil : "when admin.host is not a loopback address",
            meaning: "The bearer token for /metrics and /admin; required unless the host is a loopback address.")
        settings.rejectDemoToken(adminToken, "admin.token", host: adminHost)
        logLevel = settings.choice("log.level", default: .info, meaning: "What is logged, from this level up.")
        logFormat = settings.choice(
            "log.format", default: .text, meaning: "How a log's line is written: text, or one JSON object.")
        shutdownTimeout = settings.duration(
            "shutdown.timeout", default: .seconds(15), in: .seconds(1)...(.seconds(600)),
            meaning: "How long SIGTERM waits for work in hand.")
        broker = BrokerSettings(&settings, name: name)
        traces = TraceSettings(&settings)
    }

    /// Where health and metrics are served.
    static func adminAddress(_ settings: inout Settings) -> (host: String, port: Int) {
        (
            settings.string(
                "admin.host", default: "127.0.0.1", meaning: "Where health, metrics and administration are served."),
            settings.int(
                "admin.port", default: 8081, in: 0...65535, meaning: "Its port; 0 takes a free one, which is logged.")
        )
    }
}
