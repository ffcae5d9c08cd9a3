import TestSupport
import Testing

@testable import Broker

/// TLS.
@Suite(.timeLimit(.minutes(2)))
struct TLSTests {
    private func configuration(
        _ broker: TestBroker, host: String = "localhost", authorities: String? = nil,
        client: (chain: String, key: String)? = nil
    ) -> ConnectionConfiguration {
        var configuration = broker.configuration("test")
        configuration.endpoints = [.init(host: host, port: broker.node.ports.tls)]
        configuration.tls = .init(
            authorities: authorities ?? "\(broker.node.certificates)/ca.pem", clientCertificate: client)
        return configuration
    }

    /// What happens to a connection that cannot be made.
    private func failure(_ configuration: ConnectionConfiguration) async throws -> BrokerError? {
        let connection = try Connection(configuration, logger: .test)
        return try await running(connection) {
            try await connection.status("refused") { $0.isDisconnected || $0.isConnected }.failure
        }
    }

    /// Messages of many records go and come over TLS, with a client certificate too.
    @Test(arguments: [false, true])
    func messagesOfManyRecordsGoAndComeOverTLS(_ showsCertificate: Bool) async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let certificates = broker.node.certificates
        let client = showsCertificate ? ("\(certificates)/client.pem", "\(certificates)/client-key.pem") : nil
        let connection = try Connection(
            configuration(broker, client: client), topology: broker.topology(queues: [queue]), logger: .test)
        try await running(connection) {
            let consumption = await connection.consume(queue: queue, prefetch: 20)
            let ids = (0..<500).map(String.init)
            let failed = try await connection.publishAll(ids, queue: queue)
            #expect(failed == [:])
            _ = try await connection.collect(Set(ids), from: consumption)
            let body = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0) }
            for _ in 0..<5 { try await connection.publish(.test("large", body: body), queue: queue) }
            let large = try await consumption.take(5)
            for delivery in large {
                #expect(delivery.message.body == body)
                connection.acknowledge(delivery)
            }
        }
        #expect(connection.status.current == .closed)
    }

    @Test
    func aBrokerWhoseAuthorityWeDoNotKnowIsRefused() async throws {
        let broker = try await TestBroker.shared()
        let other = try await OtherAuthority.make()
        #expect(try await failure(configuration(broker, authorities: "\(other)/ca.pem"))?.code == .connectFailed)
        #expect(
            try await failure(configuration(broker, authorities: ConnectionConfiguration.TLS().authorities))?.code
                == .connectFailed)
    }

    /// An IP address as host is refused, though the certificate names it: only DNS names are checked.
    @Test
    func anIPAddressAsHostIsRefused() async throws {
        let broker = try await TestBroker.shared()
        let error = try await failure(configuration(broker, host: "127.0.0.1"))
        #expect(error?.code == .connectFailed)
        #expect(error?.detail.contains("hostname") == true)
    }

    @Test
    func aClientCertificateThatTheBrokersAuthorityDidNotSignIsRefusedByTheBroker() async throws {
        let broker = try await TestBroker.shared()
        let other = try await OtherAuthority.make()
        let error = try await failure(
            configuration(broker, client: ("\(other)/client.pem", "\(other)/client-key.pem")))
        #expect(error?.code == .connectFailed)
    }

    @Test
    func filesThatAreNotThereAreAMistakeOfTheConfiguration() async throws {
        let broker = try await TestBroker.shared()
        let certificates = broker.node.certificates
        #expect(try await failure(configuration(broker, authorities: "/nowhere/ca.pem"))?.code == .badConfiguration)
        #expect(
            try await failure(configuration(broker, client: ("/nowhere/c.pem", "\(certificates)/client-key.pem")))?.code
                == .badConfiguration)
        #expect(
            try await failure(configuration(broker, client: ("\(certificates)/client.pem", "/nowhere/k.pem")))?.code
                == .badConfiguration)
        // A key that belongs to another certificate.
        #expect(
            try await failure(
                configuration(
                    broker, client: ("\(certificates)/client.pem", "\(certificates)/server-key.pem")))?.code
                == .badConfiguration)
    }

    /// Plain TCP to the TLS port, and TLS to the plain port, fail.
    @Test
    func plainTCPToTheTLSPort() async throws {
        let broker = try await TestBroker.shared()
        var plain = configuration(broker)
        plain.tls = nil
        plain.connectTimeout = .seconds(3)
        #expect(try await failure(plain)?.code == .connectFailed)
        var tls = configuration(broker)
        tls.endpoints = [.init(host: "localhost", port: broker.node.ports.amqp)]
        tls.connectTimeout = .seconds(3)
        #expect(try await failure(tls)?.code == .connectFailed)
    }
}

/// Certificates that have nothing to do with the broker's.
private enum OtherAuthority {
    /// - Returns: the directory with `ca.pem`, `client.pem` and `client-key.pem`.
    static func make() async throws -> String {
        let directory = try TestDirectory.make("certificates")
        let maker = try ChildProcess(
            name: "certificates", command: [Repository.path("deploy/certificates"), directory],
            logPath: "\(directory)/log")
        #expect(try await maker.end(within: .seconds(30)) == .exited(0))
        return directory
    }
}
