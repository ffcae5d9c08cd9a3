/// Callbacks are parted by provider, so that one who does not answer delays nobody else's: a queue each.
extension Topology {
    /// What a message is published to.
    package struct Destination: Sendable, Equatable {
        /// Empty for the default exchange, whose keys are the queues' names.
        package var exchange: String
        package var routingKey: String
    }

    /// Stands in a routing key where a message names no provider; never a provider's id.
    private static let nobody = "-"

    /// What is called like a provider's queue and is none: the dead queue, and the exchange of what waits. Queues and
    /// exchanges have names of their own, but a broker's permissions go by the name alone.
    static let namesTaken = ["dead", "retry"]

    /// Whether a provider's id can stand in a routing key and a queue's name: one word of letters, digits, `-` and `_`,
    /// with a letter or digit in it, and neither `dead` nor `retry`, which name something else.
    package static func isPartition(_ provider: String) -> Bool {
        (1...128).contains(provider.utf8.count) && !namesTaken.contains(provider)
            && provider.utf8.allSatisfy { isWordCharacter($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
            && provider.utf8.contains(where: isWordCharacter)
    }

    /// The expression of a word of a routing key that names a provider, or nobody.
    static let word = "[A-Za-z0-9_-]{1,128}"

    private static func isWordCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// The queue of one provider's callbacks.
    package func callbackQueue(of provider: String) -> String { "\(queue(.callback)).\(provider)" }

    /// The expression of providers' queues.
    var providersQueues: String {
        "\(NamePattern.literal(callbackQueue(of: "")))(?!(\(Self.namesTaken.joined(separator: "|")))$)\(Self.word)"
    }

    /// A provider's queue. CallbackService alone declares it, for the providers that its file names.
    package func declarations(forProvider provider: String) -> Declarations {
        var own = Declarations()
        own.queues = [workQueue(callbackQueue(of: provider), of: .callback)]
        own.bindings = [
            .init(queue: callbackQueue(of: provider), exchange: callbacks, routingKey: "#.\(provider)")
        ]
        return own
    }

    /// The queue of somebody who is told of trouble: copies of what the projection hears. CallbackService alone
    /// declares it, for those whom its file names. It is bounded, what is a day old is no news any more, and it goes
    /// when nobody has consumed it for a week. What is given up there is gone, since what it tells of is kept
    /// elsewhere.
    package func declarations(forRecipient name: String) -> Declarations {
        let queue = callbackQueue(of: name)
        var own = Declarations()
        own.queues = [
            .init(
                name: queue,
                arguments: [
                    "x-queue-type": .string("quorum"), "x-max-length": .int(10_000), "x-overflow": .string("drop-head"),
                    "x-message-ttl": .int(24 * 3600 * 1000), "x-expires": .int(7 * 24 * 3600 * 1000),
                ])
        ]
        own.bindings = Self.alerts.map { .init(queue: queue, exchange: events, routingKey: $0.rawValue) }
        own.bindings += Stage.allCases.map { .init(queue: queue, exchange: dead, routingKey: $0.rawValue) }
        own.bindings.append(.init(queue: queue, exchange: callbacks, routingKey: "#.\(name)"))
        return own
    }

    /// The events that people are told of: how a partner's endpoint is, and a review that IngestService asks for again
    /// since its deadline is near.
    package static let alerts: [EventType] = [.endpointDegraded, .endpointRecovered, .requestReviewRequested]

    /// Where a message of a stage waits.
    /// - Parameter partition: the message's partition key.
    package func waiting(_ stage: Stage, _ tier: RetryTier, partition: String?) -> Destination {
        Destination(exchange: retries(stage), routingKey: "\(tier.name).\(Self.partitionWord(partition))")
    }

    /// How a message goes back to its stage.
    /// - Parameter partition: the message's partition key.
    package func entrance(_ stage: Stage, partition: String?) -> Destination {
        switch stage {
        case .geocode, .decision, .progress: Destination(exchange: "", routingKey: queue(stage))
        case .callback: Destination(exchange: callbacks, routingKey: "replay.\(Self.partitionWord(partition))")
        }
    }

    /// The word of a routing key that names a provider. What names no queue stands for nobody: it may be anything that
    /// somebody wrote into a header, and a broker refuses a key that the account may not use.
    private static func partitionWord(_ partition: String?) -> String {
        partition.flatMap { isPartition($0) ? $0 : nil } ?? nobody
    }
}
