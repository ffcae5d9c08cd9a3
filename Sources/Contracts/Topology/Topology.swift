/// The one place that names an exchange, a queue, a routing key or a retry tier.
///
/// Every service declares all of it, so that whichever starts first, nothing that is published lacks its queue.
package struct Topology: Sendable, Equatable {
    /// What every name starts with; tests use one of their own.
    package let prefix: String

    package init(prefix: String = "intake") { self.prefix = prefix }

    /// Topic exchange for events; the routing key is the event's type.
    package var events: String { "\(prefix).events" }
    /// Direct exchange for dead letters; the routing key is the stage's name.
    package var dead: String { "\(prefix).dead" }

    /// The queue that a stage consumes.
    package func queue(_ stage: Stage) -> String { "\(prefix).\(stage.rawValue)" }
    /// Where a stage's messages wait before the next attempt; nobody consumes it.
    package func retryQueue(_ stage: Stage, _ tier: RetryTier) -> String { "\(queue(stage)).retry.\(tier.name)" }
    /// Where what a stage gave up waits for an operator.
    package func deadQueue(_ stage: Stage) -> String { "\(queue(stage)).dead" }

    /// The events that a stage works on; what the projection looks at beside them is in `patterns`.
    package static func inputs(_ stage: Stage) -> [EventType] {
        switch stage {
        case .geocode: [.requestAccepted]
        case .decision: [.requestGeocoded]
        case .callback: [.requestDecided, .requestStatusChanged]
        case .progress: []
        }
    }

    /// The events that a stage takes, as binding patterns of the topic exchange. A provider's name may follow the type of
    /// those that have a partition key.
    package static func patterns(_ stage: Stage) -> [String] {
        switch stage {
        case .geocode, .decision: inputs(stage).map(\.rawValue)
        case .callback: inputs(stage).map { "\($0.rawValue).#" }
        case .progress:
            [EventType.requestGeocoded.rawValue, "\(EventType.requestDecided.rawValue).#", "callback.#", "stage.*"]
        }
    }

    /// A stage's waiting times, shortest first.
    package static func tiers(_ stage: Stage) -> [RetryTier] {
        switch stage {
        case .geocode, .decision, .progress: [.seconds(1), .seconds(5), .seconds(30), .minutes(2), .minutes(10)]
        case .callback:
            [
                .seconds(1), .seconds(5), .seconds(30), .minutes(2), .minutes(10), .hours(1), .hours(3), .hours(6),
                .hours(12),
                .hours(24),
            ]
        }
    }

    /// Everything, in an order in which it can be declared.
    package var declarations: Declarations {
        var all = Declarations()
        all.exchanges = [.init(name: events, kind: "topic"), .init(name: dead, kind: "direct")]
        for stage in Stage.allCases {
            all.queues.append(
                .init(
                    name: queue(stage),
                    arguments: [
                        "x-queue-type": .string("quorum"),
                        "x-dead-letter-exchange": .string(dead),
                        "x-dead-letter-routing-key": .string(stage.rawValue),
                        "x-dead-letter-strategy": .string("at-least-once"),
                        "x-overflow": .string("reject-publish"),
                    ]))
            all.bindings += Self.patterns(stage).map { .init(queue: queue(stage), exchange: events, routingKey: $0) }
            for tier in Self.tiers(stage) {
                all.queues.append(
                    .init(
                        name: retryQueue(stage, tier),
                        arguments: [
                            "x-queue-type": .string("quorum"),
                            "x-message-ttl": .int(tier.longestWait),
                            "x-dead-letter-exchange": .string(""),
                            "x-dead-letter-routing-key": .string(queue(stage)),
                            "x-dead-letter-strategy": .string("at-least-once"),
                            "x-overflow": .string("reject-publish"),
                        ]))
            }
            // RabbitMQ 4 drops what has been returned 20 times; a dead letter must outlive any number of looks at it.
            all.queues.append(
                .init(
                    name: deadQueue(stage),
                    arguments: ["x-queue-type": .string("quorum"), "x-delivery-limit": .int(10_000_000)]))
            all.bindings.append(.init(queue: deadQueue(stage), exchange: dead, routingKey: stage.rawValue))
            // The job shows what died in any other stage. Its own dead letters must not come back to it.
            if stage != .progress {
                all.bindings.append(.init(queue: queue(.progress), exchange: dead, routingKey: stage.rawValue))
            }
        }
        return all
    }
}
