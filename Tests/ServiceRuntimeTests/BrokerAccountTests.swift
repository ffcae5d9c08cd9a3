import Contracts
import Logging
import ServiceRuntime
import TestSupport
import Testing

@testable import Broker

/// The permissions of the definitions, asked of a broker that has loaded them.
@Suite(.timeLimit(.minutes(4))) struct BrokerAccountTests {
    private let topology = Topology()
    private let logger = Logger.silent

    private func configuration(_ account: Account, on broker: DeployedBroker) -> ConnectionConfiguration {
        ConnectionConfiguration(
            endpoints: [.init(host: "127.0.0.1", port: broker.node.ports.amqp)],
            credentials: .plain(user: topology.user(account), password: broker.password(of: account)),
            name: account.rawValue)
    }

    /// Each account may do its own work, and is refused that of the others.
    @Test
    func eachAccountMayDoItsOwnWork() async throws {
        let broker = try await DeployedBroker.start(topology)
        var works = topology.declarations
        works.bindings = []
        works.exchangeBindings = []
        // The callback service comes first: it brings the queue of a provider, which others are then refused.
        for account in [.callback] + Account.allCases.filter({ $0 != .callback }) {
            let connection = try Connection(
                configuration(account, on: broker), topology: TopologyDeclaration(works), duty: .check(advice: ""),
                logger: logger)
            try await running(connection) {
                for operation in operations {
                    let isRefused = try await operation.isRefused(over: connection)
                    #expect(isRefused == !operation.allowed.contains(account), "\(account): \(operation.name)")
                }
            }
        }

        // What is shipped takes every password away.
        try await broker.node.control("import_definitions", Repository.path("deploy/rabbitmq/definitions.json"))
        for password in [broker.password(of: .ingest), ""] {
            var configuration = configuration(.ingest, on: broker)
            configuration.credentials = .plain(user: topology.user(.ingest), password: password)
            let connection = try Connection(configuration, logger: logger)
            try await running(connection) {
                guard case .disconnected(let error) = connection.status.current else {
                    Issue.record("somebody could log in")
                    return
                }
                #expect(error.code == .accessRefused)
            }
        }
        #expect(try await broker.node.stop() == .exited(0))
    }

    /// Runs a connection from its first success or failure to the end of the body.
    private func running(_ connection: Connection, _ body: @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await connection.run() }
            for await status in connection.status.updates() where status != .connecting { break }
            try await body()
            group.cancelAll()
        }
    }

    private var operations: [BrokerOperation] { reading + saying + postponing + declaring }

    private let owners: [Stage: Account] = [
        .geocode: .geocode, .decision: .decision, .callback: .callback, .progress: .ingest,
    ]

    private func owner(_ stage: Stage) -> Set<Account> { Set(owners[stage].map { [$0] } ?? []) }

    private var reading: [BrokerOperation] {
        Stage.allCases.flatMap { stage in
            [
                .consume(topology.queue(stage), owner(stage)),
                .consume(topology.deadQueue(stage), [.operator, .monitor]),
                .consume(topology.retryQueue(stage, .seconds(1)), [.operator]),
            ]
        }
    }

    private var saying: [BrokerOperation] {
        let sayers: [EventType: Set<Account>] = [
            .requestAccepted: [.ingest], .requestGeocoded: [.ingest, .geocode],
            .requestReviewRequested: [.ingest, .decision],
            .requestDecided: [.ingest, .decision], .requestStatusChanged: [.ingest], .callbackDelivered: [.callback],
            .callbackAttempted: [.callback], .callbackSuperseded: [.callback], .endpointDegraded: [.callback],
            .endpointRecovered: [.callback], .stageRetrying: [.geocode, .decision, .callback],
            .stageReplayed: [.operator], .stageDiscarded: [.operator],
        ]
        let plain = EventType.allCases.map { BrokerOperation.publish(topology.events, $0.rawValue, sayers[$0] ?? []) }
        return plain + [
            .publish(topology.events, "request.decided.portal", [.ingest, .decision]),
            .publish(topology.events, "request.status-changed.portal", [.ingest]),
            .publish(topology.events, "request.decided.portal.more", []),
            .publish(topology.events, "request.geocoded.portal", []),
            .publish(topology.events, "anything", []),
        ]
    }

    private var postponing: [BrokerOperation] {
        Stage.allCases.flatMap { stage -> [BrokerOperation] in
            let portals = topology.waiting(stage, .seconds(5), partition: "portal")
            let nobodys = topology.waiting(stage, .seconds(1), partition: nil)
            return [
                .publish(portals.exchange, portals.routingKey, owner(stage)),
                .publish(nobodys.exchange, nobodys.routingKey, owner(stage)),
                .publish(topology.retries(stage), "9d.portal", []),
                .publish(topology.dead, stage.rawValue, [.ingest, .geocode, .decision, .callback]),
                // The operator gives dead letters back.
                .publish("", topology.queue(stage), [.operator]),
            ]
        } + [
            .publish(topology.callbacks, "replay.portal", [.operator]),
            .publish(topology.callbacks, "request.decided.portal", []),
            .publish(topology.unroutedCallbacks, "portal", []),
        ]
    }

    private var declaring: [BrokerOperation] {
        let portal = topology.callbackQueue(of: "portal")
        func queue(of provider: String) -> TopologyDeclaration {
            TopologyDeclaration(topology.declarations(forProvider: provider))
        }
        var events = TopologyDeclaration()
        events.exchangeBindings = [.init(destination: topology.callbacks, source: topology.events, routingKey: "#")]
        return [
            .declare("a provider's queue", queue(of: "portal"), [.callback]),
            .consume(portal, [.callback]),
            .declare("what is called as the retry exchange", queue(of: "retry"), []),
            .declare("the dead queue as a provider's", queue(of: "dead"), []),
            .declare("what is loaded", TopologyDeclaration(topology.declarations), []),
            .declare("an exchange's binding", events, []),
            .bind(portal, to: topology.callbacks, by: "#.other", [.callback]),
            .bind(portal, to: topology.callbacks, by: "#", []),
            .bind(portal, to: topology.events, by: "request.accepted", []),
            .bind(portal, to: topology.events, by: "callback.endpoint.degraded", [.callback]),
            .bind(portal, to: topology.dead, by: "geocode", [.callback]),
            .declare(
                "a recipient's queue", TopologyDeclaration(topology.declarations(forRecipient: "pager")), [.callback]),
            .bind(topology.queue(.progress), to: topology.events, by: "#", []),
            .bind(topology.queue(.callback), to: topology.callbacks, by: "#.portal", []),
            .delete(topology.callbackQueue(of: "gone"), [.callback]),
            .delete(topology.queue(.geocode), []), .delete(topology.deadQueue(.geocode), []),
            .delete(topology.retryQueue(.callback, .seconds(1)), []),
            BrokerOperation(name: "take a geocoder's turn", allowed: [.geocode]) { connection throws(BrokerError) in
                _ = try await connection.hold(exclusiveQueue: topology.turn(.geocode, of: "census"))
                try await connection.deleteQueue(topology.turn(.geocode, of: "census"))
            },
            BrokerOperation(name: "take another stage's turn", allowed: []) { connection throws(BrokerError) in
                _ = try await connection.hold(exclusiveQueue: topology.turn(.decision, of: "census"))
            },
            BrokerOperation(name: "look at a queue's depth", allowed: Set(Account.allCases)) {
                connection throws(BrokerError) in
                _ = try await connection.depth(ofQueue: topology.queue(.geocode))
            },
        ]
    }
}
