import Contracts
import Foundation
import Testing

/// What a consumer needs of a producer's messages (Pact specification, version 4: asynchronous messages).
struct PactFile: CustomTestStringConvertible, @unchecked Sendable {
    // Unchecked: `Any` holds what JSONSerialization made of a file, which nobody changes.

    struct Need {
        /// E.g. `request.decided: a covered request`.
        var description: String
        /// The contract waits for its producer: it is not verified yet.
        var isPending: Bool
        var metadata: [String: String]
        var content: [String: Any]

        /// The example as it would come.
        /// - Parameter content: another one than the example's.
        func message(_ content: [String: Any]? = nil) throws -> EventMessage {
            let body = try JSONSerialization.data(withJSONObject: content ?? self.content, options: .sortedKeys)
            let headers = metadata.filter { $0.key != "contentType" }.map {
                EventHeaders.Header(name: $0.key, value: .string($0.value))
            }
            return EventMessage(headers: EventHeaders(headers), body: [UInt8](body))
        }
    }

    var name: String
    var consumer: Consumer
    var needs: [Need]

    var testDescription: String { name }

    /// Those about messages; the ones about HTTP are verified against running services.
    static func all() throws -> [PactFile] {
        try ContractFiles.list(ContractFiles.pacts, suffix: ".json").compactMap { name in
            let pact = try ContractFiles.json("\(ContractFiles.pacts)/\(name)")
            let interactions = try #require(pact["interactions"] as? [[String: Any]])
            guard interactions.first?["type"] as? String == "Asynchronous/Messages" else { return nil }
            let consumer = try #require((pact["consumer"] as? [String: Any])?["name"] as? String)
            return PactFile(
                name: name, consumer: try #require(Consumer(rawValue: consumer)), needs: try interactions.map(need))
        }
    }

    private static func need(_ interaction: [String: Any]) throws -> Need {
        let contents = try #require(interaction["contents"] as? [String: Any])
        return Need(
            description: try #require(interaction["description"] as? String),
            isPending: interaction["pending"] as? Bool ?? false,
            metadata: try #require(interaction["metadata"] as? [String: String]),
            content: try #require(contents["content"] as? [String: Any]))
    }
}
