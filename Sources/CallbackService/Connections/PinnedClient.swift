import AsyncHTTPClient
import Dispatch
import HTTPExchange
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// An HTTP client whose connections all lead to one address, which was looked at before: no name is resolved a second
/// time, so nobody can say another address then. The certificate is still checked against the name, and `Host` says it.
final class PinnedClient: Sendable {
    /// `nil` behind a proxy.
    let address: IPAddress?
    private let http: HTTPClient
    private let handshake: Handshake
    private let use = Mutex(Use())

    fileprivate struct Use {
        var exchanges = 0
        var isRetired = false
        var isShutDown = false
    }

    /// A connection leads elsewhere. Nothing has been sent over it.
    struct StrayConnection: Error {}

    /// - Parameter connections: as many as there can be callbacks under way, or their time runs out while they queue.
    /// - Throws: when the endpoint's certificate authorities cannot be read; the file's reader has read them already.
    convenience init(_ endpoint: Endpoint, address: IPAddress?, connections: Int) throws {
        let handshake = Handshake()
        self.init(try Self.configuration(endpoint, address, connections, handshake), address, handshake)
    }

    /// Apart from what can throw: the optimiser of Swift 6.3 dies of an initialiser that throws with a mutex to
    /// destroy.
    private init(_ configuration: HTTPClient.Configuration, _ address: IPAddress?, _ handshake: Handshake) {
        self.address = address
        self.handshake = handshake
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    private static func configuration(
        _ endpoint: Endpoint, _ address: IPAddress?, _ connections: Int, _ handshake: Handshake
    ) throws -> HTTPClient.Configuration {
        // A partner that refuses is tried again from the retry queues.
        var configuration = HTTPClient.Configuration.guarded(connections: connections) { channel in
            check(channel, address, isSecure: endpoint.isSecure, handshake)
        }
        configuration.proxy = endpoint.proxy.map { .server(host: $0.host.unbracketed, port: $0.port) }
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let authorities = endpoint.certificateAuthorities {
            tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(authorities))
        }
        configuration.tlsConfiguration = tls
        if let address, case .name(let name) = endpoint.host { configuration.dnsOverride = [name: "\(address)"] }
        return configuration
    }

    /// The version of TLS that the latest connection speaks; `nil` without TLS, or when none came about.
    var tlsVersion: String? { handshake.version.withLock { $0 } }

    /// Says that an exchange starts, to be followed by `end`.
    /// - Returns: `false` when the client takes no more: the partner is elsewhere by now.
    func begin() -> Bool {
        use.withLock { use in
            guard !use.isRetired else { return false }
            use.exchanges += 1
            return true
        }
    }

    func end() {
        let isLast = use.withLock { use in
            use.exchanges -= 1
            return use.exchanges == 0 && use.isRetired && use.shutsDown()
        }
        if isLast { shutDownLater() }
    }

    /// Takes no more exchanges, and gives its connections up when the last one has ended.
    func retire() {
        let isIdle = use.withLock { use in
            use.isRetired = true
            return use.exchanges == 0 && use.shutsDown()
        }
        if isIdle { shutDownLater() }
    }

    /// Gives everything up at once.
    func shutDown() async {
        let isFirst = use.withLock { use in
            use.isRetired = true
            return use.shutsDown()
        }
        // It fails only for a client that has been shut down.
        if isFirst { try? await http.shutdown() }
    }

    func execute(_ request: HTTPClientRequest, until deadline: NIODeadline) async throws -> HTTPClientResponse {
        var request = request
        // As the partner's entry writes it, and as operators are shown it.
        request.keepTarget()
        return try await http.execute(request, deadline: deadline)
    }

    private func shutDownLater() { http.shutdown(queue: .global()) { _ in } }

    private static func check(
        _ channel: any Channel, _ address: IPAddress?, isSecure: Bool, _ handshake: Handshake
    ) -> EventLoopFuture<Void> {
        if let address {
            guard let remote = channel.remoteAddress?.ipAddress, IPAddress(remote) == address else {
                return channel.close().flatMapThrowing { throw StrayConnection() }
            }
        }
        guard isSecure else { return channel.eventLoop.makeSucceededVoidFuture() }
        return channel.nioSSL_tlsVersion().map { version in handshake.version.withLock { $0 = version?.name } }
    }

    private final class Handshake: Sendable {
        let version = Mutex<String?>(nil)
    }
}

extension PinnedClient.Use {
    /// - Returns: whether it is the caller who is to shut the client down.
    fileprivate mutating func shutsDown() -> Bool {
        defer { isShutDown = true }
        return !isShutDown
    }
}

extension TLSVersion {
    fileprivate var name: String {
        switch self {
        case .tlsv1: "TLSv1.0"
        case .tlsv11: "TLSv1.1"
        case .tlsv12: "TLSv1.2"
        case .tlsv13: "TLSv1.3"
        }
    }
}
