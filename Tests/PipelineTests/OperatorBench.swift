import Contracts
import Foundation
import TestSupport
import Testing

/// IngestService alone, on queues of its own: what is replayed stays in the stages' queues, to be counted.
struct OperatorBench: Sendable {
    let broker: BrokerNode
    let topology: Topology
    let ingest: ServiceUnderTest
    private let directory: String

    static func run(token: String? = nil, _ body: (OperatorBench) async throws -> Void) async throws {
        let broker = try await BrokerNode.shared()
        let topology = Topology(prefix: "dead-\(UUID().uuidString.prefix(8).lowercased())")
        let directory = try TestDirectory.make("operator")
        try ConfigurationFiles.texas.write(to: directory, partnerPort: 1)
        var environment = [
            "INTAKE_BROKER_URL": broker.url, "INTAKE_TOPOLOGY_PREFIX": topology.prefix,
            "INTAKE_HTTP_PORT": "\(try FreePorts.take(1)[0])", "INTAKE_STORE_PATH": "\(directory)/intake.sqlite",
            "INTAKE_PROVIDERS_FILE": "\(directory)/providers.yaml",
        ]
        environment["INTAKE_ADMIN_TOKEN"] = token
        let ingest = try ServiceUnderTest("ingest-service", environment: environment, directory: directory)
        let bench = OperatorBench(broker: broker, topology: topology, ingest: ingest, directory: directory)
        do {
            try await ingest.awaitReady()
            // It is ready without the broker; here the queues and their bindings must be there.
            for check in ["broker-publish: ok", "broker-consume: ok"] {
                try await eventually(check, processes: [await ingest.childProcess]) {
                    try await ingest.get("health/ready").body.contains(check)
                }
            }
            try await body(bench)
        } catch {
            Issue.record("\(error)\n\(await ingest.log().suffix(4000))")
        }
        try await ingest.kill()
        for queue in topology.declarations.queues where try await broker.management.queue(queue.name) != nil {
            try await broker.management.deleteQueue(queue.name)
        }
    }

    /// Decisions of requests that are nobody's.
    func letters(_ count: Int) throws -> [EventMessage] {
        try (0..<count).map { number in
            let now = Timestamp.truncate(Date())
            return try EventMessage(
                Event(
                    id: UUID(), source: "/intake/decision", time: now, requestID: RequestID(UUID()),
                    data: RequestDecided(
                        RequestReference(
                            provider: "portal", providerRequestID: "R-\(number)", organization: "relief",
                            acceptedAt: now),
                        Decision(acceptance: true, reason: .stateCovered, rule: nil, coverageVersion: "v1"))))
        }
    }

    /// Puts a message among a stage's dead letters, as the stage would.
    func bury(_ message: EventMessage, in stage: Stage, reason: String = "out-of-attempts") async throws {
        var headers = Dictionary(
            uniqueKeysWithValues: message.headers.all.compactMap { header in
                header.value.string.map { (header.name, $0) }
            })
        headers[DeliveryHeader.stage] = stage.rawValue
        headers[DeliveryHeader.deadReason] = reason
        headers[DeliveryHeader.errorCode] = "http-503"
        headers[DeliveryHeader.errorMessage] = "The partner answered 503."
        headers[DeliveryHeader.lastFailedAt] = Timestamp.string(Date())
        #expect(
            try await broker.management.publish(
                message.body, exchange: topology.dead, routingKey: stage.rawValue, headers: headers))
    }

    /// Waits until so many dead letters wait for an operator.
    func awaitRecorded(_ count: Int) async throws {
        struct List: Decodable {
            struct Group: Decodable { var count: Int }
            var groups: [Group]
        }
        try await eventually("\(count) dead letters are recorded", processes: [await ingest.childProcess]) {
            let answer = try await ingest.get("admin/dead-letters?limit=0")
            let list = try JSONDecoder().decode(List.self, from: Data(answer.body.utf8))
            return list.groups.reduce(0) { $0 + $1.count } == count
        }
    }

    /// Starts `intake`, on this bench's broker and listener unless the arguments say otherwise.
    func start(_ arguments: [String]) throws -> ChildProcess {
        try ChildProcess(
            name: "intake", command: [Repository.executable("intake")] + arguments,
            environment: [
                "INTAKE_BROKER_URL": broker.url, "INTAKE_TOPOLOGY_PREFIX": topology.prefix,
                "INTAKE_INGEST_ADMIN_URL": "http://127.0.0.1:\(ingest.adminPort)",
            ], logPath: "\(directory)/intake-\(UUID().uuidString)")
    }

    /// Runs `intake` to its end.
    func command(_ arguments: [String]) async throws -> IntakeCommand {
        try await IntakeCommand(try start(arguments))
    }
}
