import Glibc

/// A private RabbitMQ node, run by `deploy/broker`, with ports and a directory of its own.
///
/// A suite that leaves the node as it is uses `shared()`; one that kills it, stops it or raises an alarm starts its
/// own.
package actor BrokerNode {
    package struct Ports: Sendable {
        package var amqp: Int
        package var management: Int
        /// AMQP over TLS, with the certificates in `certificates`.
        package var tls: Int
    }

    package nonisolated let ports: Ports
    package nonisolated let management: ManagementAPI
    /// `ca.pem`, `server.pem`, `client.pem`, `client-key.pem` and more, as `deploy/certificates` makes them.
    package nonisolated let certificates: String
    private let directory: String
    private let definitions: String?
    private let plugins: String?
    private var process: ChildProcess

    /// Where AMQP clients connect to.
    package nonisolated var url: String { "amqp://guest:guest@127.0.0.1:\(ports.amqp)/%2F" }

    /// The node of all suites that don't break it. Started by the first; ends with the test process.
    package static func shared() async throws -> BrokerNode { try await sharedStart.value }

    /// Unstructured, because no test owns it: whoever comes first starts it, and all wait for the same.
    private static let sharedStart = Task { try await BrokerNode.start() }

    /// Starts a node on an empty directory and waits until it takes connections.
    /// - Parameters:
    ///   - definitions: a file of what it loads at each start, beside what every private node does.
    ///   - plugins: those that it has, with commas between them; `nil` for what every private node has.
    /// - Throws: `DeadlinePassed` with the end of its log, `SpawnFailure`.
    package static func start(definitions: String? = nil, plugins: String? = nil) async throws -> BrokerNode {
        var triesLeft = 3
        while true {
            do {
                return try await BrokerNode(definitions, plugins)
            } catch let failure as DeadlinePassed where triesLeft > 1 && failure.details.contains("taken") {
                triesLeft -= 1
            }
        }
    }

    private init(_ definitions: String?, _ plugins: String?) async throws {
        self.definitions = definitions
        self.plugins = plugins
        directory = try TestDirectory.make("rabbitmq")
        certificates = "\(directory)/certificates"
        let maker = try ChildProcess(
            name: "certificates", command: [Repository.path("deploy/certificates"), certificates],
            logPath: "\(directory)/certificates.log")
        try await maker.end(within: .seconds(30))
        let free = try FreePorts.take(3)
        ports = Ports(amqp: free[0], management: free[1], tls: free[2])
        management = ManagementAPI(port: ports.management)
        process = try Self.launch(directory, ports, certificates, definitions, plugins)
        try await awaitReady()
    }

    /// SIGKILL, as a power cut would have it, and waits until it is gone.
    package func kill() async throws { try await process.kill() }

    /// Stops it in order and waits until it is gone.
    @discardableResult
    package func stop() async throws -> ExitStatus {
        process.signal(SIGTERM)
        return try await process.end(within: .seconds(60))
    }

    /// Starts the node again, after `kill()` or `stop()`, on the same ports and data.
    package func restart() async throws {
        process = try Self.launch(directory, ports, certificates, definitions, plugins)
        try await awaitReady()
    }

    /// The process, for the end of its log in failures.
    package var childProcess: ChildProcess { process }

    /// Raises the memory alarm: the node stops reading from connections that publish.
    package func raiseMemoryAlarm() async throws {
        try await control("set_vm_memory_high_watermark", "0.00001")
        try await eventually("memory alarm", processes: [process]) { try await management.hasAlarm() }
    }

    package func clearMemoryAlarm() async throws {
        try await control("set_vm_memory_high_watermark", "0.4")
        try await eventually("memory alarm gone", processes: [process]) { try await !management.hasAlarm() }
    }

    /// Makes the node write down the queues, exchanges and bindings that were declared so far. A test that kills the
    /// node does this first.
    ///
    /// RabbitMQ confirms a declaration before it is on disk: Mnesia (all metadata before RabbitMQ 4.2) writes up to 2 s
    /// later, the directory of quorum queues up to half a second. A node that is killed before has forgotten the queue
    /// with every message in it, or, with only the first written, has a queue that never elects a leader.
    package func saveDeclarations() async throws {
        try await control(
            "eval",
            """
            [dets:sync(Table) || Table <- dets:all()],
            case mnesia:system_info(is_running) of yes -> mnesia:sync_log(); _ -> ok end.
            """)
    }

    /// Runs `rabbitmqctl`.
    /// - Throws: `ControlFailure` with what it said.
    package func control(_ arguments: String...) async throws {
        let log = "\(try TestDirectory.make("rabbitmqctl"))/output"
        let command = try ChildProcess(
            name: "rabbitmqctl", command: [Repository.path("deploy/rabbitmqctl"), "\(directory)/node"] + arguments,
            logPath: log)
        guard try await command.end(within: .seconds(60)) == .exited(0) else {
            throw ControlFailure(command: "rabbitmqctl \(arguments.first ?? "")", output: command.logTail())
        }
    }

    private func awaitReady() async throws {
        try await eventually("the broker takes connections", within: .seconds(90), processes: [process]) {
            try await management.listens(on: ports.amqp)
        }
    }

    private static func launch(
        _ directory: String, _ ports: Ports, _ certificates: String, _ definitions: String?, _ plugins: String?
    ) throws -> ChildProcess {
        try ChildProcess(
            name: "broker",
            command: [
                Repository.path("deploy/broker"), "\(directory)/node", "--port", "\(ports.amqp)",
                "--management-port", "\(ports.management)", "--statistics-interval", "200",
                "--tls-port", "\(ports.tls)", "--certs", certificates,
            ] + (definitions.map { ["--definitions", $0] } ?? []) + (plugins.map { ["--plugins", $0] } ?? []),
            logPath: "\(directory)/broker.log")
    }
}

/// A command did not do as it was told.
package struct ControlFailure: Error, CustomStringConvertible {
    package var command: String
    package var output: String

    package var description: String { "\(command) failed:\n\(output)" }
}
