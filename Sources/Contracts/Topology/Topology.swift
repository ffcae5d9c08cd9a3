/// The one place that names an exchange, a queue, a routing key or a retry tier.
///
/// Every service declares all of it, so that whichever starts first, nothing that is published lacks its queue; or the
/// broker has loaded it as definitions, and every service looks whether it is there.
package struct Topology: Sendable, Equatable {
    /// What every name starts with; tests use one of their own.
    package let prefix: String
    /// Into how many queues the work of a stage is split, at least; see `Topology+shards`.
    package let shards: Int

    package init(prefix: String = "intake", shards: Int = 1) {
        self.prefix = prefix
        self.shards = shards
    }

    /// Whether names can start with it: `a-z`, `0-9` and `-` alone.
    package static func isPrefix(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// Topic exchange for events; the routing key is the event's type.
    package var events: String { "\(prefix).events" }
    /// Direct exchange for dead letters; the routing key is the stage's name.
    package var dead: String { "\(prefix).dead" }

    /// Topic exchange that gives each provider's callbacks to that one's queue; the key ends with the provider's id.
    package var callbacks: String { "\(prefix).callbacks" }
    /// Fanout exchange for callbacks of providers that have no queue.
    package var unroutedCallbacks: String { "\(callbacks).unrouted" }
    /// Topic exchange for a stage's messages that wait; the key is the tier and the partition key. Each stage has its
    /// own: who may write to the default exchange may write to any queue.
    package func retries(_ stage: Stage) -> String { "\(queue(stage)).retry" }

    /// The queue that a stage consumes. The callback stage's is for what belongs to no provider that has a queue of its
    /// own.
    package func queue(_ stage: Stage) -> String { "\(prefix).\(stage.rawValue)" }
    /// Where a stage's messages wait before the next attempt; nobody consumes it.
    package func retryQueue(_ stage: Stage, _ tier: RetryTier) -> String { "\(queue(stage)).retry.\(tier.name)" }
    /// Where what a stage gave up waits for an operator.
    package func deadQueue(_ stage: Stage) -> String { "\(queue(stage)).dead" }
    /// The right of one replica at a time to ask somebody who allows all of them together only so many questions: a
    /// queue of that replica's connection alone, without messages. Not among the declarations.
    package func turn(_ stage: Stage, of name: String) -> String { "\(queue(stage)).turn.\(name)" }

    /// The events that a stage works on; what the projection looks at beside them is in `patterns`.
    package static func inputs(_ stage: Stage) -> [EventType] {
        switch stage {
        case .geocode: [.requestAccepted]
        case .decision: [.requestGeocoded]
        case .callback: [.requestDecided, .requestStatusChanged]
        case .progress: []
        }
    }

    /// The events that a stage takes, as binding patterns of the topic exchange: of its queue or, for callbacks, of the
    /// exchange in front of the providers' queues. A provider's name may follow the type of those that have a partition
    /// key.
    package static func patterns(_ stage: Stage) -> [String] {
        switch stage {
        case .geocode, .decision: inputs(stage).map(\.rawValue)
        case .callback: inputs(stage).map { "\($0.rawValue).#" }
        case .progress:
            [
                EventType.requestGeocoded.rawValue, EventType.requestReviewRequested.rawValue,
                "\(EventType.requestDecided.rawValue).#", "callback.#", "stage.*",
            ]
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
}
