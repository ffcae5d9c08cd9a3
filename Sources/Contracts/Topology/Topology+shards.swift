/// A stage's work in several queues, since one queue's leader is one process of the broker's and has one core.
///
/// ```
/// intake.events ──patterns──▶ intake.progress.shards ──by the request──▶ intake.progress
///                             (x-consistent-hash)                       intake.progress.shard.2
///                                                                       intake.progress.shard.3
/// ```
///
/// The stage's own queue is the first shard: what lay in it when there was only one stays where it is and is consumed
/// as before, and what comes back from a wait or is replayed goes there. The others are declared by the stage's service
/// alone, so that none is there before somebody consumes it. Once there they stay: whoever is configured for fewer
/// consumes them all the same.
///
/// Callbacks have a queue for each provider instead.
extension Topology {
    /// More than a cluster can feed: every message goes through the one log of each node.
    package static let mostShards = 64

    package static func canBeSharded(_ stage: Stage) -> Bool {
        switch stage {
        case .geocode, .decision, .progress: true
        case .callback: false
        }
    }

    /// Gives a request's messages to one of the stage's queues.
    package func shardExchange(_ stage: Stage) -> String { "\(queue(stage)).shards" }

    /// - Parameter number: from 1, which is the stage's own queue.
    package func shard(_ number: Int, of stage: Stage) -> String {
        number == 1 ? queue(stage) : "\(queue(stage)).shard.\(number)"
    }

    /// The same with another number of shards.
    package func sharded(_ shards: Int) -> Topology { Topology(prefix: prefix, shards: shards) }

    /// An exchange that is there where stages are sharded: who finds it must not lead anything past such exchanges.
    package var shardMark: String { shardExchange(.progress) }

    /// The shards of a stage beside its own queue; none where the stage is in one piece.
    package func laterShards(_ stage: Stage) -> Range<Int> { 2..<(Self.canBeSharded(stage) ? shards + 1 : 2) }

    /// One of the later shards. The stage's service alone declares it.
    package func declarations(forShard number: Int, of stage: Stage) -> Declarations {
        var own = Declarations()
        own.queues = [workQueue(shard(number, of: stage), of: stage)]
        own.bindings = [shardBinding(number, of: stage)]
        return own
    }

    var shardExchanges: [Declarations.Exchange] {
        guard shards > 1 else { return [] }
        let stages = Stage.allCases.filter(Self.canBeSharded)
        return (stages.filter { $0 == .progress } + stages.filter { $0 != .progress }).map { stage in
            // Every event and every copy of one carries its request as the correlation id.
            .init(
                name: shardExchange(stage), kind: "x-consistent-hash",
                arguments: ["hash-property": .string("correlation_id")])
        }
    }

    /// The ways to a stage's queue past the exchange before its shards. Its service takes them away where it may
    /// declare nothing else: a broker that has had no shards keeps them when it loads definitions with shards.
    package func unbindings(of stage: Stage) -> [Declarations.Binding] {
        declarations.unbindings.filter { $0.queue == queue(stage) }
    }

    /// The key is the weight: the same for all.
    fileprivate func shardBinding(_ number: Int, of stage: Stage) -> Declarations.Binding {
        .init(queue: shard(number, of: stage), exchange: shardExchange(stage), routingKey: "1")
    }

    /// The expression of the queues that a stage consumes, the queues of single providers apart.
    func shardPattern(_ stage: Stage) -> String {
        NamePattern.literal(queue(stage)) + (Self.canBeSharded(stage) ? "(\\.shard\\.[0-9]{1,2})?" : "")
    }
}

extension Declarations {
    /// Leads what an exchange has for a stage to its queue.
    ///
    /// With shards it is led to the exchange before them, which knows the stage's own queue from the beginning; then
    /// the direct way is taken away. In between a message goes both ways and into one queue once. Other shards come
    /// later: so no message is lost or doubled while they come.
    mutating func lead(_ stage: Stage, in topology: Topology, from exchange: String, by keys: [String]) {
        let direct = keys.map { Binding(queue: topology.queue(stage), exchange: exchange, routingKey: $0) }
        guard topology.shards > 1, Topology.canBeSharded(stage) else { return bindings += direct }
        let own = topology.shardBinding(1, of: stage)
        if !bindings.contains(own) { bindings.append(own) }
        exchangeBindings += keys.map {
            .init(destination: topology.shardExchange(stage), source: exchange, routingKey: $0)
        }
        unbindings += direct
    }
}
