import Contracts
import Foundation
import TestSupport
import Testing

/// A message as another version of a service writes it.
struct VersionedMessage {
    var headers: [String: String]
    var fields: [String: Any]

    /// As the first version wrote it, word for word but for whose it is.
    /// - Parameters:
    ///   - golden: of `Tests/ContractTests/Golden`, without `.json`.
    ///   - job: the path of the job that it is to be about.
    init(golden: String, job: String, providerRequestID: String) throws {
        let base = Repository.path("Tests/ContractTests/Golden/\(golden)")
        func object<Value>(_ path: String) throws -> [String: Value] {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            return try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Value])
        }
        headers = try object(base + ".headers.json")
        fields = try object(base + ".json")
        headers[EventMessage.Header.id] = UUID().uuidString.lowercased()
        headers[EventMessage.Header.subject] = String(try #require(job.split(separator: "/").last))
        fields["providerRequestId"] = providerRequestID
    }

    /// As a later minor version may write it: with fields that nobody knows yet.
    mutating func growUp() {
        fields["addedLater"] = ["deep": [1, 2]]
        headers["cloudEvents:addedlater"] = "yes"
        if var location = fields["location"] as? [String: Any] {
            location["addedLater"] = true
            fields["location"] = location
        }
    }

    /// As the next major version may: a type of its own, with another shape.
    mutating func becomeVersion2() throws {
        let type = try #require(headers[EventMessage.Header.type])
        headers[EventMessage.Header.type] = type + ".v2"
        headers[EventMessage.Header.dataSchema] = "urn:intake:schema:\(type):v2"
        fields = ["verdict": ["covered": true]]
    }

    /// Publishes it as its producer would.
    /// - Returns: whether any queue took it.
    @discardableResult
    func publish(to pipeline: Pipeline) async throws -> Bool {
        let body = [UInt8](try JSONSerialization.data(withJSONObject: fields))
        let message = EventMessage(
            headers: EventHeaders(headers.map { EventHeaders.Header(name: $0.key, value: .string($0.value)) }),
            body: body)
        return try await pipeline.broker.management.publish(
            body, exchange: pipeline.topology.events, routingKey: message.routingKey, headers: headers)
    }
}
