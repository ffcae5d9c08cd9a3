import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// RabbitMQ's management API, as far as tests need it. The virtual host is `/`.
///
/// Figures are renewed every 200 ms on a `BrokerNode`; `messages(in:)` and `hasAlarm()` look at the thing itself.
package struct ManagementAPI: Sendable {
    package let port: Int

    package init(port: Int) { self.port = port }

    /// Whether the node has started and listens for AMQP on a port.
    package func listens(on amqpPort: Int) async throws -> Bool {
        try await status(.GET, "health/checks/port-listener/\(amqpPort)") == 200
    }

    /// Whether a memory or disk alarm is raised.
    package func hasAlarm() async throws -> Bool {
        switch try await status(.GET, "health/checks/alarms") {
        case 200: false
        case 503: true
        case let other: throw ManagementFailure(path: "health/checks/alarms", status: other)
        }
    }

    package func connections() async throws -> [BrokerConnection] { try await get("connections") }

    /// Closes a connection as an operator would: the client gets connection.close with code 320.
    package func closeConnection(_ name: String) async throws {
        try await send(.DELETE, "connections/\(Self.escape(name))", nil, accept: [204, 404])
    }

    package func queues() async throws -> [QueueFigures] { try await get("queues/%2F") }

    /// - Returns: `nil` when there is no such queue.
    package func queue(_ name: String) async throws -> QueueFigures? {
        do {
            return try await get("queues/%2F/\(Self.escape(name))")
        } catch let failure as ManagementFailure where failure.status == 404 {
            return nil
        }
    }

    /// Declares a durable quorum queue.
    package func declareQuorumQueue(_ name: String) async throws {
        let body = Data(#"{"durable": true, "arguments": {"x-queue-type": "quorum"}}"#.utf8)
        try await send(.PUT, "queues/%2F/\(Self.escape(name))", body, accept: [201, 204])
    }

    /// Deletes a queue with what is in it, under the feet of its consumers.
    package func deleteQueue(_ name: String) async throws {
        try await send(.DELETE, "queues/%2F/\(Self.escape(name))", nil, accept: [204])
    }

    /// Sets a policy over the shipped ones.
    package func setDeliveryLimit(_ limit: Int, pattern: String, policy name: String) async throws {
        struct Policy: Encodable {
            var pattern: String
            var definition: [String: Int]
            var priority = 10
            var applyTo = "queues"

            enum CodingKeys: String, CodingKey {
                case pattern, definition, priority
                case applyTo = "apply-to"
            }
        }
        let policy = Policy(pattern: pattern, definition: ["delivery-limit": limit])
        try await send(
            .PUT, "policies/%2F/\(Self.escape(name))", JSONEncoder().encode(policy), accept: [201, 204])
    }

    package func deletePolicy(_ name: String) async throws {
        try await send(.DELETE, "policies/%2F/\(Self.escape(name))", nil, accept: [204, 404])
    }

    /// Looks at the first messages that are ready in a queue, and puts them back, which raises their delivery count.
    package func messages(in queue: String, count: Int = 100) async throws -> [QueuedMessage] {
        struct Question: Encodable {
            var count: Int
            var ackmode = "ack_requeue_true"
            var encoding = "base64"
        }
        let answer = try await send(
            .POST, "queues/%2F/\(Self.escape(queue))/get", JSONEncoder().encode(Question(count: count)), accept: [200])
        return try JSONDecoder().decode([QueuedMessage].self, from: answer)
    }

    /// Publishes a persistent message and waits for the confirm.
    /// - Parameter exchange: empty for the default exchange, whose routing key is the queue's name.
    /// - Returns: whether a queue took it.
    @discardableResult
    package func publish(
        _ body: [UInt8], exchange: String = "", routingKey: String, headers: [String: String] = [:]
    ) async throws -> Bool {
        struct Message: Encodable {
            struct Properties: Encodable {
                var delivery_mode = 2
                var headers: [String: String]
            }
            var properties: Properties
            var routing_key: String
            var payload: String
            var payload_encoding = "base64"
        }
        struct Answer: Decodable { var routed: Bool }
        let message = Message(
            properties: .init(headers: headers), routing_key: routingKey, payload: Data(body).base64EncodedString())
        let name = exchange.isEmpty ? "amq.default" : exchange
        let answer = try await send(
            .POST, "exchanges/%2F/\(Self.escape(name))/publish", JSONEncoder().encode(message), accept: [200])
        return try JSONDecoder().decode(Answer.self, from: answer).routed
    }

    // MARK: HTTP

    /// Takes no compressed answers: a list of queues compresses so well that the shared client suspects an attack.
    private static let client = {
        var configuration = HTTPClient.Configuration()
        configuration.decompression = .disabled
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    private func get<Answer: Decodable>(_ path: String) async throws -> Answer {
        try JSONDecoder().decode(Answer.self, from: await send(.GET, path, nil, accept: [200]))
    }

    private func status(_ method: HTTPMethod, _ path: String) async throws -> Int {
        try await exchange(method, path, nil).status
    }

    @discardableResult
    private func send(_ method: HTTPMethod, _ path: String, _ body: Data?, accept: Set<Int>) async throws -> Data {
        let answer = try await exchange(method, path, body)
        guard accept.contains(answer.status) else { throw ManagementFailure(path: path, status: answer.status) }
        return answer.body
    }

    private func exchange(_ method: HTTPMethod, _ path: String, _ body: Data?) async throws -> (status: Int, body: Data)
    {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/api/\(path)")
        request.method = method
        request.setBasicAuth(username: "guest", password: "guest")
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let response = try await Self.client.execute(request, timeout: .seconds(10))
        let content = try await response.body.collect(upTo: 64 * 1024 * 1024)
        return (Int(response.status.code), Data(content.readableBytesView))
    }

    /// Escapes a name for one segment of a path: everything but letters and digits.
    private static func escape(_ name: String) -> String {
        name.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}

/// The management API refused.
package struct ManagementFailure: Error, CustomStringConvertible {
    package var path: String
    package var status: Int

    package var description: String { "management API: \(status) for \(path)" }
}
