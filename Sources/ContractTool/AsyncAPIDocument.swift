import Contracts
import Foundation
import Terminal
import Yams

/// What is read of the AsyncAPI document: who says which event, and who takes it.
struct AsyncAPIDocument: Decodable {
    struct Info: Decodable {
        var title: String
        var version: String
        var description: String
    }

    struct Reference: Decodable {
        /// `#/…/<name>`.
        var path: String
        var name: String { path.split(separator: "/").last.map(String.init) ?? path }

        enum CodingKeys: String, CodingKey { case path = "$ref" }
    }

    struct Tag: Decodable { var name: String }

    struct Operation: Decodable {
        /// `send` or `receive`.
        var action: String
        /// The service.
        var tags: [Tag]
        var messages: [Reference]
    }

    struct Message: Decodable {
        /// The event's type.
        var name: String
    }

    struct Components: Decodable { var messages: [String: Message] }

    var info: Info
    var operations: [String: Operation]
    var components: Components

    /// The one that this executable was built with.
    /// - Throws: `CommandError` when it does not say what it must.
    static func ofThisVersion() throws(CommandError) -> AsyncAPIDocument {
        do {
            return try YAMLDecoder().decode(AsyncAPIDocument.self, from: Data(ContractDocuments.asyncAPI))
        } catch {
            throw CommandError("asyncapi.yaml is not what it should be: \(error)")
        }
    }

    /// The services that say an event, or take it, by name.
    /// - Parameter action: `send` or `receive`.
    func services(_ action: String, _ type: EventType) -> [String] {
        let names = operations.values.filter { operation in
            operation.action == action
                && operation.messages.contains { components.messages[$0.name]?.name == type.rawValue }
        }.flatMap { $0.tags.map(\.name) }
        return Set(names).sorted()
    }
}
