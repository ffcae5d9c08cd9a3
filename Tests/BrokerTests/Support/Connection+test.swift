import Logging

@testable import Broker

extension Logger {
    /// Says nothing.
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

extension ConnectionConfiguration {
    /// A broker that is not there: port 1 belongs to nobody (tcpmux, RFC 1078).
    static func unreachable(name: String = "nobody") -> ConnectionConfiguration {
        ConnectionConfiguration(
            endpoints: [Endpoint(host: "127.0.0.1", port: 1)], credentials: .plain(user: "guest", password: "guest"),
            name: name)
    }
}

extension Connection {
    /// Whether the connection was made and its topology and channels are still being asked for.
    var isRestoring: Bool { library != nil && endpoint == nil }
    /// Channels that the broker or this side holds open.
    var channelCount: Int { channels.count }
    var waitingPublishes: Int { publishes.waitingCount }
}
