import Contracts

/// RabbitMQ's definitions (https://www.rabbitmq.com/docs/definitions) of everything that Intake needs, in the virtual
/// host `/`. The queues of single providers are not in it: CallbackService declares them.
struct BrokerDefinitions: Sendable {
    var topology: Topology
    /// `nil` for users as whom nobody can log in.
    var passwords: AccountPasswords?

    private static let virtualHost = "/"

    /// One line for each thing, so that a comparison of two shows what is new. Ends in a line feed.
    func text() -> String {
        let declarations = topology.wholeDeclarations
        let bindings = declarations.bindings.map(binding) + declarations.exchangeBindings.map(binding)
        let sections = [
            ("vhosts", [virtualHost]), ("users", Account.allCases.map(user)),
            ("permissions", Account.allCases.map(permissions)),
            ("topic_permissions", Account.allCases.flatMap(topicPermissions)),
            ("policies", topology.deliveryLimits.map(policy)),
            ("exchanges", declarations.exchanges.map(exchange)), ("queues", declarations.queues.map(queue)),
            ("bindings", bindings),
        ]
        let texts = sections.map { name, lines in
            "  \"\(name)\": [\n\(lines.map { "    \($0)" }.joined(separator: ",\n"))\n  ]"
        }
        return "{\n\(texts.joined(separator: ",\n"))\n}\n"
    }

    // MARK: Who

    private func user(_ account: Account) -> String {
        var entry = JSONObjectText()
        entry.add("name", topology.user(account))
        entry.add("password_hash", passwords?[account]?.text ?? "")
        entry.add("hashing_algorithm", PasswordHash.algorithm)
        entry.add("tags", account.tags)
        return entry.text
    }

    private func permissions(_ account: Account) -> String {
        let permissions = topology.permissions(of: account)
        var entry = JSONObjectText()
        entry.add("user", topology.user(account))
        entry.add("vhost", Self.virtualHost)
        entry.add("configure", permissions.configure.text)
        entry.add("write", permissions.write.text)
        entry.add("read", permissions.read.text)
        return entry.text
    }

    private func topicPermissions(_ account: Account) -> [String] {
        topology.permissions(of: account).topics.map { topic in
            var entry = JSONObjectText()
            entry.add("user", topology.user(account))
            entry.add("vhost", Self.virtualHost)
            entry.add("exchange", topic.exchange)
            entry.add("write", topic.write.text)
            entry.add("read", topic.read.text)
            return entry.text
        }
    }

    // MARK: What

    private var virtualHost: String {
        var entry = JSONObjectText()
        entry.add("name", Self.virtualHost)
        return entry.text
    }

    private func policy(_ limit: DeliveryLimit) -> String {
        var entry = JSONObjectText()
        entry.add("vhost", Self.virtualHost)
        entry.add("name", limit.policy)
        entry.add("pattern", limit.queues.text)
        entry.add("apply-to", "queues")
        entry.add("priority", 0)
        entry.beginObject("definition")
        entry.add("delivery-limit", limit.limit)
        entry.endObject()
        return entry.text
    }

    private func exchange(_ exchange: Declarations.Exchange) -> String {
        var entry = JSONObjectText()
        entry.add("name", exchange.name)
        entry.add("vhost", Self.virtualHost)
        entry.add("type", exchange.kind)
        entry.add("durable", true)
        entry.add("auto_delete", false)
        entry.add("internal", false)
        entry.add(arguments: exchange.arguments)
        return entry.text
    }

    private func queue(_ queue: Declarations.Queue) -> String {
        var entry = JSONObjectText()
        entry.add("name", queue.name)
        entry.add("vhost", Self.virtualHost)
        entry.add("durable", true)
        entry.add("auto_delete", false)
        entry.add(arguments: queue.arguments)
        return entry.text
    }

    private func binding(_ binding: Declarations.Binding) -> String {
        Self.binding(from: binding.exchange, to: binding.queue, "queue", by: binding.routingKey)
    }

    private func binding(_ binding: Declarations.ExchangeBinding) -> String {
        Self.binding(from: binding.source, to: binding.destination, "exchange", by: binding.routingKey)
    }

    private static func binding(
        from source: String, to destination: String, _ kind: String, by routingKey: String
    ) -> String {
        var entry = JSONObjectText()
        entry.add("source", source)
        entry.add("vhost", virtualHost)
        entry.add("destination", destination)
        entry.add("destination_type", kind)
        entry.add("routing_key", routingKey)
        entry.add(arguments: [:])
        return entry.text
    }
}

extension JSONObjectText {
    fileprivate var text: String { String(decoding: bytes(), as: UTF8.self) }

    fileprivate mutating func add(arguments: [String: HeaderValue]) {
        beginObject("arguments")
        for (name, value) in arguments.sorted(by: { $0.key < $1.key }) { add(header: name, value) }
        endObject()
    }
}
