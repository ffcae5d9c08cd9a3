import Contracts
import Testing

/// The patterns themselves; that the broker does by them what they say is tested with a broker.
@Suite struct AccountTests {
    let topology = Topology()
    private var limits: [DeliveryLimit] { topology.deliveryLimits }

    private func matches(_ pattern: NamePattern, _ name: String) throws -> Bool {
        try name.firstMatch(of: Regex(pattern.text)) != nil
    }

    @Test func usersAndFilesReadWell() {
        #expect(Account.allCases.map(topology.user).prefix(2) == ["intake-ingest", "intake-geocode"])
        #expect(Topology(prefix: "t1").user(.operator) == "t1-operator")
        #expect(Account.monitor.passwordFile == "broker-monitor" && Account.monitor.tags == ["monitoring"])
    }

    /// A topic exchange without such a permission would take every routing key.
    @Test func everyTopicExchangeThatAnAccountMayUseNamesItsKeys() throws {
        for account in Account.allCases {
            let permissions = topology.permissions(of: account)
            for exchange in topology.declarations.exchanges where exchange.kind == "topic" {
                let isUsed =
                    try matches(permissions.write, exchange.name) || matches(permissions.read, exchange.name)
                let isNamed = permissions.topics.contains { $0.exchange == exchange.name }
                #expect(isNamed == isUsed, "\(account) \(exchange)")
            }
        }
    }

    @Test func noServiceMayWriteToTheDefaultExchange() throws {
        for account in Account.allCases {
            let mayWrite = try matches(topology.permissions(of: account).write, "amq.default")
            #expect(mayWrite == (account == .operator), "\(account)")
        }
    }

    @Test func nothingThatIsLoadedMayBeDeclaredOrDeletedByAnybody() throws {
        let names = topology.declarations.queues.map(\.name) + topology.declarations.exchanges.map(\.name)
        for account in Account.allCases {
            for name in names { #expect(try !matches(topology.permissions(of: account).configure, name)) }
        }
    }

    @Test func anotherPrefixHasNothingInCommon() throws {
        let other = Topology(prefix: "intake-2")
        let names = other.declarations.queues.map(\.name) + other.declarations.exchanges.map(\.name)
        for account in Account.allCases {
            let own = topology.permissions(of: account)
            for name in names {
                #expect(try !matches(own.write, name) && !matches(own.read, name))
            }
        }
        // The dot is a dot.
        #expect(try !matches(topology.permissions(of: .geocode).read, "intakeXgeocode"))
    }

    @Test func theCallbackServiceDeclaresProvidersQueuesAlone() throws {
        let own = topology.permissions(of: .callback).configure
        for provider in ["portal", "A_1-b", "0"] {
            #expect(try matches(own, topology.callbackQueue(of: provider)), "\(provider)")
            #expect(try matches(limits[0].queues, topology.callbackQueue(of: provider)), "\(provider)")
        }
        for name in ["intake.callback", "intake.callback.dead", "intake.callback.retry", "intake.callback.retry.1s"] {
            #expect(try !matches(own, name), "\(name)")
        }
    }

    @Test func oneDeliveryLimitHoldsForWorkQueuesAndAnotherWhereMessagesWait() throws {
        let work = Stage.allCases.map(topology.queue)
        let waiting = Stage.allCases.flatMap { stage in
            Topology.tiers(stage).map { topology.retryQueue(stage, $0) }
        }
        #expect(limits.map(\.limit) == [20, 10_000_000])
        for queue in topology.declarations.queues {
            #expect(try matches(limits[0].queues, queue.name) == work.contains(queue.name), "\(queue.name)")
            #expect(try matches(limits[1].queues, queue.name) == waiting.contains(queue.name), "\(queue.name)")
        }
    }

    /// Shards may come while everything runs: what is said of the stage's queue is said of them before.
    @Test func permissionsAndLimitsCountShards() throws {
        for account in Account.allCases {
            let read = topology.permissions(of: account).read
            for stage in [Stage.geocode, .decision, .progress] {
                for number in [2, 64] {
                    #expect(try matches(read, topology.shard(number, of: stage)) == (account.stage == stage))
                    #expect(try matches(limits[0].queues, topology.shard(number, of: stage)))
                }
                #expect(try !matches(read, "\(topology.queue(stage)).shard.x"))
                #expect(try !matches(read, topology.shardExchange(stage)))
            }
        }
    }

    /// A service takes away what leads to its own queue past the shards, and can lead nothing else there.
    @Test func withShardsAServiceMayTakeAwayWhatLeadsPastThem() throws {
        let sharded = topology.sharded(3)
        for account in [Account.ingest, .geocode, .decision] {
            let permissions = sharded.permissions(of: account)
            let stage = try #require(account.stage)
            let events = try #require(permissions.topics.first { $0.exchange == sharded.events })
            for binding in sharded.unbindings(of: stage) {
                #expect(try matches(permissions.write, binding.queue) && matches(permissions.read, binding.exchange))
                guard binding.exchange == sharded.events else { continue }
                #expect(try matches(events.read, binding.routingKey))
            }
            #expect(try !matches(events.read, "#") && !matches(events.read, "request.status-changed"))
            let others = Stage.allCases.filter { $0 != stage }.map(sharded.queue)
            for queue in others { #expect(try !matches(permissions.write, queue)) }
            #expect(topology.permissions(of: account).topics[0].read.text == "^$", "without shards there is nothing")
        }
    }

    @Test(arguments: ["", "Intake", "a.b", "a b", "ä", "a_b"]) func otherTextIsNoPrefix(_ text: String) {
        #expect(!Topology.isPrefix(text))
    }
}
