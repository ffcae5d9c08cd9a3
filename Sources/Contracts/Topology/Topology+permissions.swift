/// What each account may do, when the broker has loaded what there is to declare: only the queues that come and go are
/// declared by those who use them.
extension Topology {
    private typealias Topic = AccountPermissions.Topic

    package func permissions(of account: Account) -> AccountPermissions {
        switch account {
        case .ingest: sharing(.progress, service(account, .progress))
        case .geocode:
            sharing(
                .geocode,
                service(account, .geocode, configures: [exactly(turn(.geocode, of: "")) + Self.turnName]))
        case .decision: sharing(.decision, service(account, .decision))
        case .callback: callbackPermissions
        case .operator: operatorPermissions
        case .monitor:
            AccountPermissions(configure: [], write: [], read: NamePattern(deadQueues), topics: [])
        }
    }

    /// Every service consumes its stage's queue, says its events, and lets messages of its stage wait or die.
    private func service(
        _ account: Account, _ stage: Stage, configures: [String] = []
    ) -> AccountPermissions {
        AccountPermissions(
            configure: NamePattern(configures),
            write: NamePattern([events, dead, retries(stage)].map(exactly)), read: [shardPattern(stage)],
            topics: [
                Topic(exchange: events, write: NamePattern(account.says.map(Self.keys)), read: []),
                Topic(exchange: retries(stage), write: ["\(Self.tierNames(stage))\\.\(Self.word)"], read: []),
            ])
    }

    /// Where its stage has shards, a service takes away what leads to its queue past them: that takes the right to
    /// write to the queue and to read the exchange.
    private func sharing(_ stage: Stage, _ permissions: AccountPermissions) -> AccountPermissions {
        let direct = unbindings(of: stage)
        guard !direct.isEmpty else { return permissions }
        var all = permissions
        all.write = NamePattern([events, dead, retries(stage), queue(stage)].map(exactly))
        let exchanges = [events, dead].filter { name in direct.contains { $0.exchange == name } }
        all.read = NamePattern([shardPattern(stage)] + exchanges.map(exactly))
        for index in all.topics.indices where all.topics[index].exchange == events {
            all.topics[index].read = NamePattern(
                direct.filter { $0.exchange == events }.map { exactly($0.routingKey) })
        }
        return all
    }

    /// It declares its providers' queues, and those of who is told of trouble, which it binds to what there is to tell.
    /// To give a queue its dead letters' exchange takes the right to read the queue and to write to that exchange; to
    /// bind it, the right to write to the queue and to read the exchange.
    private var callbackPermissions: AccountPermissions {
        let own = providersQueues
        var all = service(.callback, .callback, configures: [own])
        all.write = NamePattern([events, dead, retries(.callback)].map(exactly) + [own])
        all.read = NamePattern([queue(.callback), callbacks, events, dead].map(exactly) + [own])
        for index in all.topics.indices where all.topics[index].exchange == events {
            all.topics[index].read = NamePattern(Self.alerts.map { exactly($0.rawValue) })
        }
        all.topics.append(Topic(exchange: callbacks, write: [], read: ["#\\.\(Self.word)"]))
        return all
    }

    /// It gives dead letters back to their stages, and looks for a request wherever messages wait.
    private var operatorPermissions: AccountPermissions {
        AccountPermissions(
            configure: [],
            // The default exchange, whose keys are the queues' names, is checked by this one.
            write: NamePattern([events, callbacks, "amq.default"].map(exactly)),
            read: NamePattern(deadQueues + retryQueues),
            topics: [
                Topic(exchange: events, write: NamePattern(Account.operator.says.map(Self.keys)), read: []),
                Topic(exchange: callbacks, write: ["replay\\.\(Self.word)"], read: []),
            ])
    }

    private var deadQueues: [String] { Stage.allCases.map { exactly(deadQueue($0)) } }

    private func exactly(_ name: String) -> String { NamePattern.literal(name) }

    /// The routing keys of an event, see `EventMessage.routingKey`.
    private static func keys(_ type: EventType) -> String {
        NamePattern.literal(type.rawValue) + (inputs(.callback).contains(type) ? "(\\.\(word))?" : "")
    }

    /// What a geocoder may be called.
    private static let turnName = "[a-z0-9-]{1,40}"
}
