import Contracts
import Foundation
import Yams

/// What the tests read of `asyncapi.yaml`.
struct AsyncAPIFile: Decodable {
    struct Reference: Decodable {
        var path: String
        var name: String { path.split(separator: "/").last.map(String.init) ?? "" }
        enum CodingKeys: String, CodingKey { case path = "$ref" }
    }

    struct Exchange: Decodable, Equatable {
        var type: String
        var arguments: [String: String]?
    }

    struct ExchangeBinding: Decodable, Equatable { var destination, source, routingKey: String }
    struct Binding: Decodable, Hashable { var exchange, routingKey: String }

    struct Channel: Decodable {
        struct Bindings: Decodable { var amqp: AMQP }
        struct AMQP: Decodable {
            struct Named: Decodable { var name: String }
            var `is`: String
            var queue: Named?
            var exchange: Named?
        }
        var address: String
        var bindings: Bindings
        /// Numbers as text.
        var arguments: [String: String]?
        var queueBindings: [Binding]?

        enum CodingKeys: String, CodingKey {
            case address, bindings
            case arguments = "x-arguments"
            case queueBindings = "x-bindings"
        }
    }

    struct Operation: Decodable {
        struct Tag: Decodable { var name: String }
        var action: String
        var tags: [Tag]
        var messages: [Reference]
    }

    struct Message: Decodable {
        struct Payload: Decodable { var schema: Reference }
        var name: String
        var payload: Payload
    }

    struct Components: Decodable { var messages: [String: Message] }

    var channels: [String: Channel]
    var operations: [String: Operation]
    var components: Components
    var exchanges: [String: Exchange]
    var exchangeBindings: [ExchangeBinding]

    enum CodingKeys: String, CodingKey {
        case channels, operations, components
        case exchanges = "x-exchanges"
        case exchangeBindings = "x-exchange-bindings"
    }

    static func read() throws -> AsyncAPIFile {
        try YAMLDecoder().decode(AsyncAPIFile.self, from: Data(ContractFiles.bytes(ContractFiles.asyncAPI)))
    }

    func type(_ message: Reference) -> EventType? {
        components.messages[message.name].flatMap { EventType(rawValue: $0.name) }
    }

    /// What a service says (`send`) or takes (`receive`).
    func types(_ action: String, _ service: String) -> Set<EventType> {
        let own = operations.values.filter { $0.action == action && $0.tags.map(\.name) == [service] }
        return Set(own.flatMap(\.messages).compactMap(type))
    }
}
