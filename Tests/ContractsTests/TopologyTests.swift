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
                let isParted = stage == .callback
                #expect(arguments?["x-dead-letter-exchange"] == .string(isParted ? "intake.callbacks" : ""))
                #expect(
                    arguments?["x-dead-letter-routing-key"] == (isParted ? nil : .string(topology.queue(stage))))
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
            #expect(!takers(type.rawValue, from: "intake.events").isEmpty, "\(type)")
        }
    }

    @Test func bindingsNameWhatIsDeclared() {
        let names = Set(queues.keys)
        let exchanges = Set(topology.declarations.exchanges.map(\.name))
        for binding in topology.declarations.bindings {
            #expect(names.contains(binding.queue) && exchanges.contains(binding.exchange))
        }
        for binding in topology.declarations.exchangeBindings {
            #expect(exchanges.contains(binding.source) && exchanges.contains(binding.destination))
        }
    }

    @Test func aCallbackHasOneQueueItsProvidersOrTheCommonOne() {
        for type in ["request.decided", "request.status-changed"] {
            #expect(callbackTakers("\(type).portal", from: "intake.events") == ["intake.callback.portal"])
            #expect(callbackTakers("\(type).nobody", from: "intake.events") == ["intake.callback"])
            #expect(callbackTakers(type, from: "intake.events") == ["intake.callback"], "of an older version")
        }
    }

    @Test func aCallbackThatWaitsComesBackToItsQueue() {
        for tier in Topology.tiers(.callback) {
            for (partition, queue) in [("portal", "intake.callback.portal"), ("nobody", "intake.callback")] {
                let place = topology.waiting(.callback, tier, partition: partition)
                #expect(takers(place.routingKey, from: place.exchange) == [topology.retryQueue(.callback, tier)])
                #expect(callbackTakers(place.routingKey, from: "intake.callbacks") == [queue])
            }
            let place = topology.waiting(.callback, tier, partition: nil)
            #expect(takers(place.routingKey, from: place.exchange) == [topology.retryQueue(.callback, tier)])
            #expect(callbackTakers(place.routingKey, from: "intake.callbacks") == ["intake.callback"])
        }
    }

    @Test func whatWaitsIsInTheQueueOfItsStageAndTier() {
        for stage in Stage.allCases {
            for tier in Topology.tiers(stage) {
                // The last three are no provider's, whatever a header says.
                for partition in [nil, "portal", "retry", "a.b", "#"] {
                    let place = topology.waiting(stage, tier, partition: partition)
                    #expect(place.exchange == "intake.\(stage.rawValue).retry")
                    #expect(place.routingKey == "\(tier.name).\(partition == "portal" ? "portal" : "-")")
                    #expect(takers(place.routingKey, from: place.exchange) == [topology.retryQueue(stage, tier)])
                }
            }
        }
    }

    @Test func aReplayedCallbackGoesToItsQueue() {
        for (partition, queue) in [("portal", "intake.callback.portal"), ("x", "intake.callback")] {
            let place = topology.entrance(.callback, partition: partition)
            #expect(callbackTakers(place.routingKey, from: place.exchange) == [queue])
        }
        let other = topology.entrance(.progress, partition: "x")
        #expect(other.exchange.isEmpty && other.routingKey == "intake.progress")
    }

    @Test func aProvidersQueueIsAWorkQueueOfItsStage() {
        let own = topology.declarations(forProvider: "portal")
        #expect(own.queues.map(\.name) == ["intake.callback.portal"])
        #expect(own.queues.first?.arguments == queues["intake.callback"])
    }

    // MARK: Shards

    let sharded = Topology(shards: 3)

    /// What is there with shards and without is told apart by this alone.
    @Test func withoutShardsNothingIsDeclaredForThem() {
        #expect(Topology(shards: 1) == topology && topology.wholeDeclarations == topology.declarations)
        #expect(!topology.declarations.exchanges.contains { $0.kind == "x-consistent-hash" })
        #expect(topology.declarations.unbindings.isEmpty)
        #expect(!queues.keys.contains { $0.contains("shard") })
        #expect(Stage.allCases.allSatisfy { topology.laterShards($0).isEmpty })
    }

    @Test func shardsReadWellAndTheFirstIsTheStagesOwnQueue() {
        #expect(sharded.shardExchange(.progress) == "intake.progress.shards")
        #expect(
            (1...3).map { sharded.shard($0, of: .geocode) }
                == ["intake.geocode", "intake.geocode.shard.2", "intake.geocode.shard.3"])
    }

    /// A message goes to the exchange before the shards and to no queue of the stage past it; a retry and a replay to
    /// the first shard.
    @Test func whatAStageTakesComesThroughItsShardsExchange() {
        let all = sharded.wholeDeclarations
        for stage in [Stage.geocode, .decision, .progress] {
            let exchange = sharded.shardExchange(stage)
            let shards = (1...3).map { sharded.shard($0, of: stage) }
            #expect(all.bindings.filter { $0.exchange == exchange }.map(\.queue) == shards)
            #expect(all.bindings.filter { $0.exchange == exchange }.allSatisfy { $0.routingKey == "1" })
            #expect(all.bindings.filter { shards.contains($0.queue) }.allSatisfy { $0.exchange == exchange })
            let direct = topology.declarations.bindings.filter { $0.queue == topology.queue(stage) }
            #expect(all.unbindings.filter { $0.queue == sharded.queue(stage) } == direct)
            #expect(
                all.exchangeBindings.filter { $0.destination == exchange }.map { [$0.source, $0.routingKey] }
                    == direct.map { [$0.exchange, $0.routingKey] })
            for shard in all.queues where shards.contains(shard.name) {
                #expect(shard.arguments == queues[topology.queue(stage)])
            }
            #expect(sharded.entrance(stage, partition: nil) == topology.entrance(stage, partition: nil))
        }
        let names = Set(queues.keys)
        #expect(Set(all.queues.map(\.name)).isSuperset(of: names), "none is left out")
    }

    /// The messages of a request stay together: they have its id in common.
    @Test func theExchangeHashesByTheRequest() {
        let exchanges = sharded.declarations.exchanges.filter { $0.kind == "x-consistent-hash" }
        #expect(exchanges.map(\.name).first == sharded.shardMark, "who finds it finds the others soon")
        #expect(exchanges.count == 3)
        #expect(exchanges.allSatisfy { $0.arguments == ["hash-property": .string("correlation_id")] })
    }

    @Test func callbacksHaveAQueueForEachProviderAndNoShards() {
        #expect(sharded.laterShards(.callback).isEmpty)
        let own = { (topology: Topology) in topology.declarations.bindings.filter { $0.queue == "intake.callback" } }
        #expect(own(sharded) == own(topology))
        #expect(sharded.declarations(forProvider: "portal") == topology.declarations(forProvider: "portal"))
    }

    /// Every service brings the same but for its own stage's shards, whatever number it is configured for.
    @Test func theNumberOfShardsChangesNothingButTheShards() {
        #expect(Topology(shards: 2).declarations == Topology(shards: 64).declarations)
        #expect(Topology(shards: 64).laterShards(.progress) == 2..<65)
    }

    @Test func onlyAnIdThatIsOneWordHasAQueue() {
        for id in ["portal", "smokealarm-portal", "A_1", "0", String(repeating: "x", count: 128)] {
            #expect(Topology.isPartition(id), "\(id)")
        }
        for id in ["", "-", "_", "dead", "retry", "a.b", "*", "#", "a b", "Ä", "a/b"] {
            #expect(!Topology.isPartition(id), "\(id)")
        }
        #expect(!Topology.isPartition(String(repeating: "x", count: 129)))
    }

    /// The queues that get a message, with the provider `portal` known; past the alternate exchange, which gets what
    /// nobody else does.
    private func takers(_ key: String, from exchange: String) -> [String] {
        var all = topology.declarations
        all.bindings += topology.declarations(forProvider: "portal").bindings
        var found = all.bindings.filter { $0.exchange == exchange && matches($0.routingKey, key) }.map(\.queue)
        for binding in all.exchangeBindings where binding.source == exchange && matches(binding.routingKey, key) {
            found += takers(key, from: binding.destination)
        }
        let arguments = all.exchanges.first { $0.name == exchange }?.arguments
        guard found.isEmpty, case .string(let alternate)? = arguments?["alternate-exchange"] else { return found }
        return all.bindings.filter { $0.exchange == alternate }.map(\.queue)
    }

    private func callbackTakers(_ key: String, from exchange: String) -> [String] {
        takers(key, from: exchange).filter { $0.hasPrefix("intake.callback") }
    }

    /// A topic pattern of AMQP 0-9-1 with `*` for one word, and `#` at one end for any number.
    private func matches(_ pattern: String, _ key: String) -> Bool {
        let (pattern, key) = (pattern.split(separator: "."), key.split(separator: "."))
        if pattern.first == "#" { return key.suffix(pattern.count - 1) == pattern.dropFirst() }
        if pattern.last == "#" {
            return key.count >= pattern.count - 1 && zip(pattern.dropLast(), key).allSatisfy { $0 == $1 }
        }
        return pattern.count == key.count && zip(pattern, key).allSatisfy { $0 == "*" || $0 == $1 }
    }
}
