/// How to reach a broker.
package struct ConnectionConfiguration: Sendable {
    /// One node of the broker.
    package struct Endpoint: Sendable, Hashable, CustomStringConvertible {
        package var host: String
        package var port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }

        package var description: String { "\(host):\(port)" }
    }

    /// How to show who we are.
    package enum Credentials: Sendable, Equatable, CustomStringConvertible {
        case plain(user: String, password: String)
        /// By the TLS client certificate (SASL EXTERNAL).
        case external

        /// Without the password.
        package var description: String {
            switch self {
            case .plain(let user, _): "user \(user)"
            case .external: "client certificate"
            }
        }
    }

    /// TLS 1.2 or newer; the broker's certificate and DNS name are always verified. The check knows DNS names only: an
    /// IP address as host never passes.
    package struct TLS: Sendable, Equatable {
        /// PEM file of the authorities that are trusted.
        package var authorities: String
        /// PEM files of the client certificate and its key.
        package var clientCertificate: (chain: String, key: String)?

        package init(
            authorities: String = "/etc/ssl/certs/ca-certificates.crt",
            clientCertificate: (chain: String, key: String)? = nil
        ) {
            self.authorities = authorities
            self.clientCertificate = clientCertificate
        }

        package static func == (left: TLS, right: TLS) -> Bool {
            left.authorities == right.authorities
                && left.clientCertificate?.chain == right.clientCertificate?.chain
                && left.clientCertificate?.key == right.clientCertificate?.key
        }
    }

    /// Tried in turn, starting with another one after each loss.
    package var endpoints: [Endpoint]
    package var virtualHost: String
    package var credentials: Credentials
    package var tls: TLS?
    /// What the management UI shows as the connection's name.
    package var name: String
    /// Asked of the broker; it may ask for less. A peer that is silent for twice as long is taken for dead.
    package var heartbeat: Duration = .seconds(20)
    /// For TCP, TLS and the AMQP handshake together.
    package var connectTimeout: Duration = .seconds(10)
    /// For each answer that the broker owes.
    package var replyTimeout: Duration = .seconds(20)
    /// How long a graceful shutdown waits for outstanding confirms and for the broker's farewell.
    package var closeTimeout: Duration = .seconds(5)
    /// Longer bodies are not kept in memory, see `Delivery.isOversized`; bytes.
    package var maximumBodySize = 4 * 1024 * 1024
    /// Whether messages are taken whose headers the broker has made larger than a frame may be, as it does with what
    /// was published close to the limit and then dead-lettered. Without it, such a message ends the connection. Over
    /// TLS, a connection that takes them publishes no body of more than one frame.
    package var takesLargeHeaders = false
    /// Waits between attempts to connect.
    package var backoff = ReconnectBackoff.Parameters()

    package init(
        endpoints: [Endpoint], virtualHost: String = "/", credentials: Credentials, tls: TLS? = nil, name: String
    ) {
        self.endpoints = endpoints
        self.virtualHost = virtualHost
        self.credentials = credentials
        self.tls = tls
        self.name = name
    }
}
