import Contracts
import Testing

@Suite struct TopologyTests {
    let topology = Topology()
    var queues: [String: [String: HeaderValue]] {
        Dictionary(uniqueKeysWithValues: topology.declarations.queues.map { ($0.name, $0.arguments) })
    }

    @Test func namesReadWell() {
        #expect(topology.events == "intake.events" && topology.dead == "intake.dead")
        #expect(topology.queue(.geocode) == "intake.geocode")
        #expect(topology.retryQueue(.callback, .minutes(2)) == "intake.callback.retry.2m")
        #expect(topology.deadQueue(.decision) == "intake.decision.dead")
        #expect(Topology(prefix: "t1").queue(.progress) == "t1.progress")
    }

    @Test func everyQueueIsAQuorumQueue() {
        #expect(queues.values.allSatisfy { $0["x-queue-type"] == .string("quorum") })
    }

    @Test func workQueuesDeadLetterAtLeastOnceUnderTheStagesName() {
        for stage in Stage.allCases {
            let arguments = queues[topology.queue(stage)]
            #expect(arguments?["x-dead-letter-exchange"] == .string("intake.dead"))
            #expect(arguments?["x-dead-letter-routing-key"] == .string(stage.rawValue))
            #expect(arguments?["x-dead-letter-strategy"] == .string("at-least-once"))
            #expect(arguments?["x-overflow"] == .string("reject-publish"))
        }
    }

    @Test func retryQueuesGiveBackToTheirWorkQueueAfterTheirDelay() {
        for stage in Stage.allCases {
            #expect(Topology.tiers(stage) == Topology.tiers(stage).sorted())
            for tier in Topology.tiers(stage) {
                let arguments = queues[topology.retryQueue(stage, tier)]
                #expect(arguments?["x-message-ttl"] == .int(tier.longestWait))
                #expect(arguments?["x-dead-letter-exchange"] == .string(""))
                #expect(arguments?["x-dead-letter-routing-key"] == .string(topology.queue(stage)))
                #expect(arguments?["x-dead-letter-strategy"] == .string("at-least-once"))
            }
        }
        #expect(RetryTier.hours(1).longestWait == 4_320_000, "a fifth more than its name says")
    }

    @Test func deadQueuesKeepWhatTheyHold() {
        for stage in Stage.allCases {
            let arguments = queues[topology.deadQueue(stage)]
            #expect(arguments?["x-dead-letter-exchange"] == nil)
            #expect(arguments?["x-message-ttl"] == nil)
            #expect(arguments?["x-delivery-limit"] == .int(10_000_000))
        }
    }

    /// Otherwise the projection's dead letters would come back to it for ever.
    @Test func theProjectionSeesEveryDeadLetterButItsOwn() {
        let keys = topology.declarations.bindings
            .filter { $0.queue == "intake.progress" && $0.exchange == "intake.dead" }.map(\.routingKey)
        #expect(Set(keys) == ["geocode", "decision", "callback"])
    }

    @Test func everyEventHasAQueue() {
        for type in EventType.allCases {
            let takers = topology.declarations.bindings.filter { binding in
                binding.exchange == "intake.events" && matches(binding.routingKey, type.rawValue)
            }
            #expect(!takers.isEmpty, "\(type)")
        }
    }

    @Test func bindingsNameWhatIsDeclared() {
        let names = Set(queues.keys)
        let exchanges = Set(topology.declarations.exchanges.map(\.name))
        for binding in topology.declarations.bindings {
            #expect(names.contains(binding.queue) && exchanges.contains(binding.exchange))
        }
    }

    /// A topic pattern of AMQP 0-9-1 with `*` for one word, and `#` at its end for any number.
    private func matches(_ pattern: String, _ key: String) -> Bool {
        let (pattern, key) = (pattern.split(separator: "."), key.split(separator: "."))
        if pattern.last == "#" {
            return key.count >= pattern.count - 1 && zip(pattern.dropLast(), key).allSatisfy { $0 == $1 }
        }
        return pattern.count == key.count && zip(pattern, key).allSatisfy { $0 == "*" || $0 == $1 }
    }
}
