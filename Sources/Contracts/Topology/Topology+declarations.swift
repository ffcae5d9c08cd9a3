extension Topology {
    /// What every service declares, in an order in which it can be declared; the queues of single providers are apart,
    /// see `declarations(forProvider:)`.
    package var declarations: Declarations {
        var all = Declarations()
        // First of all, since who finds one of these knows of the others.
        all.exchanges = shardExchanges
        all.exchanges += [
            .init(name: events, kind: "topic"), .init(name: dead, kind: "direct"),
            .init(name: unroutedCallbacks, kind: "fanout"),
            .init(name: callbacks, kind: "topic", arguments: ["alternate-exchange": .string(unroutedCallbacks)]),
        ]
        all.exchanges += Stage.allCases.map { .init(name: retries($0), kind: "topic") }
        for stage in Stage.allCases {
            all.queues.append(workQueue(queue(stage), of: stage))
            for tier in Self.tiers(stage) {
                all.queues.append(waitingQueue(stage, tier))
                all.bindings.append(
                    .init(queue: retryQueue(stage, tier), exchange: retries(stage), routingKey: "\(tier.name).#"))
            }
            // RabbitMQ 4 drops what has been returned 20 times; a dead letter must outlive any number of looks at it.
            all.queues.append(
                .init(
                    name: deadQueue(stage),
                    arguments: ["x-queue-type": .string("quorum"), "x-delivery-limit": .int(10_000_000)]))
            all.bindings.append(.init(queue: deadQueue(stage), exchange: dead, routingKey: stage.rawValue))
            // The job shows what died in any other stage. Its own dead letters must not come back to it.
            if stage != .progress { all.lead(.progress, in: self, from: dead, by: [stage.rawValue]) }
            switch stage {
            case .geocode, .decision, .progress:
                all.lead(stage, in: self, from: events, by: Self.patterns(stage))
            case .callback:
                all.bindings.append(.init(queue: queue(stage), exchange: unroutedCallbacks, routingKey: ""))
                all.exchangeBindings += Self.patterns(stage).map {
                    .init(destination: callbacks, source: events, routingKey: $0)
                }
            }
        }
        return all
    }

    /// All that there is, the shards of every stage included: what a broker loads that services may not declare on.
    package var wholeDeclarations: Declarations {
        var all = declarations
        for stage in Stage.allCases {
            for number in laterShards(stage) {
                let shard = declarations(forShard: number, of: stage)
                all.queues += shard.queues
                all.bindings += shard.bindings
            }
        }
        return all
    }

    func workQueue(_ name: String, of stage: Stage) -> Declarations.Queue {
        .init(
            name: name,
            arguments: [
                "x-queue-type": .string("quorum"),
                "x-dead-letter-exchange": .string(dead),
                "x-dead-letter-routing-key": .string(stage.rawValue),
                "x-dead-letter-strategy": .string("at-least-once"),
                "x-overflow": .string("reject-publish"),
            ])
    }

    private func waitingQueue(_ stage: Stage, _ tier: RetryTier) -> Declarations.Queue {
        var arguments: [String: HeaderValue] = [
            "x-queue-type": .string("quorum"),
            "x-message-ttl": .int(tier.longestWait),
            "x-dead-letter-strategy": .string("at-least-once"),
            "x-overflow": .string("reject-publish"),
        ]
        switch stage {
        case .geocode, .decision, .progress:
            arguments["x-dead-letter-exchange"] = .string("")
            arguments["x-dead-letter-routing-key"] = .string(queue(stage))
        case .callback:
            // The key stays as it is: its end names the provider.
            arguments["x-dead-letter-exchange"] = .string(callbacks)
        }
        return .init(name: retryQueue(stage, tier), arguments: arguments)
    }
}

/// How often a message of some queues may be returned before it dies, as a policy: an operator can change it while
/// queues exist.
package struct DeliveryLimit: Sendable, Equatable {
    package var policy: String
    package var limit: Int
    package var queues: NamePattern
}

extension Topology {
    /// - The queues that a stage consumes, providers' own included.
    /// - Those where messages wait: RabbitMQ 4 would end a wait early once somebody has looked there 20 times.
    package var deliveryLimits: [DeliveryLimit] {
        let consumed = Stage.allCases.map(shardPattern) + [providersQueues]
        return [
            DeliveryLimit(policy: "\(prefix)-delivery-limit", limit: 20, queues: NamePattern(consumed)),
            DeliveryLimit(policy: "\(prefix)-waiting", limit: 10_000_000, queues: NamePattern(retryQueues)),
        ]
    }

    /// The expressions of the queues where messages wait, a stage each.
    var retryQueues: [String] {
        Stage.allCases.map { "\(NamePattern.literal(retries($0)))\\.\(Self.tierNames($0))" }
    }

    static func tierNames(_ stage: Stage) -> String { "(\(tiers(stage).map(\.name).joined(separator: "|")))" }
}
