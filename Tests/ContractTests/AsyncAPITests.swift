import Contracts
import Testing
import Yams

/// The AsyncAPI document names what Topology does, and nothing else.
@Suite struct AsyncAPITests {
    let document: AsyncAPIFile
    let topology = Topology()

    init() throws { document = try AsyncAPIFile.read() }

    @Test func itsExchangesAreThoseThatAreDeclared() {
        let declared = Dictionary(
            uniqueKeysWithValues: topology.declarations.exchanges.map { exchange in
                (
                    exchange.name,
                    AsyncAPIFile.Exchange(
                        type: exchange.kind,
                        arguments: exchange.arguments.isEmpty ? nil : exchange.arguments.compactMapValues(\.string))
                )
            })
        #expect(document.exchanges == declared)
        let bindings = topology.declarations.exchangeBindings.map {
            AsyncAPIFile.ExchangeBinding(destination: $0.destination, source: $0.source, routingKey: $0.routingKey)
        }
        #expect(document.exchangeBindings == bindings)
    }

    @Test func itsQueuesAreThoseThatAreDeclared() {
        var declared = topology.declarations
        for own in [
            topology.declarations(forProvider: "{provider}"), topology.declarations(forRecipient: "{recipient}"),
        ] {
            declared.queues += own.queues
            declared.bindings += own.bindings
        }
        let queues = document.channels.values.filter { $0.bindings.amqp.is == "queue" }
        #expect(queues.count == declared.queues.count)
        for queue in declared.queues {
            guard let channel = queues.first(where: { $0.address == queue.name }) else {
                Issue.record("no \(queue.name)")
                continue
            }
            #expect(channel.bindings.amqp.queue?.name == queue.name)
            #expect(channel.arguments == queue.arguments.mapValues { $0.string ?? $0.int.map { "\($0)" } ?? "" })
            let bindings = declared.bindings.filter { $0.queue == queue.name }.map {
                AsyncAPIFile.Binding(exchange: $0.exchange, routingKey: $0.routingKey)
            }
            #expect(Set(channel.queueBindings ?? []) == Set(bindings), "\(queue.name)")
        }
    }

    @Test func everyEventHasAChannelOfItsRoutingKey() {
        let keys = document.channels.values.filter { $0.bindings.amqp.is == "routingKey" }
        for type in EventType.allCases {
            let isForOneProvider = [.requestDecided, .requestStatusChanged].contains(type)
            let address = type.rawValue + (isForOneProvider ? ".{provider}" : "")
            #expect(keys.contains { $0.address == address && $0.bindings.amqp.exchange?.name == topology.events })
        }
        #expect(keys.count == EventType.allCases.count)
    }

    @Test func everyStageTakesItsInputs() {
        for stage in Stage.allCases where stage != .progress {
            let taken = document.types("receive", "\(stage.rawValue)-service")
            let told = stage == .callback ? Topology.alerts : []
            #expect(taken == Set(Topology.inputs(stage) + told))
        }
        // Its own it knows already.
        let others = Set(EventType.allCases).subtracting([.requestAccepted, .requestStatusChanged])
        #expect(document.types("receive", "ingest-service") == others)
    }

    @Test func everyEventIsSaidBySomebody() {
        let said = document.operations.values.filter { $0.action == "send" }.flatMap(\.messages)
        #expect(Set(said.compactMap(document.type)) == Set(EventType.allCases))
    }

    @Test func everybodySaysWhatTheBrokerLetsItSay() {
        for account in [Account.ingest, .geocode, .decision, .callback] {
            #expect(document.types("send", "\(account.rawValue)-service") == Set(account.says), "\(account)")
        }
        #expect(document.types("send", "operator") == Set(Account.operator.says))
    }

    @Test func everyMessageHasItsTypesSchema() {
        for message in document.components.messages.values {
            #expect(message.payload.schema.path == "./Schemas/\(message.name).v1.json")
        }
        #expect(Set(document.components.messages.values.map(\.name)) == Set(EventType.allCases.map(\.rawValue)))
    }
}
