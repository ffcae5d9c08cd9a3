import Foundation
import Logging

@testable import Broker

extension Logger {
    /// Says nothing, unless `INTAKE_LOG_TESTS` is set.
    static var test: Logger {
        let isSilent = ProcessInfo.processInfo.environment["INTAKE_LOG_TESTS"] == nil
        return Logger(label: "test") { label in
            isSilent ? SwiftLogNoOpLogHandler() as any LogHandler : StreamLogHandler.standardError(label: label)
        }
    }
}

extension ConnectionConfiguration {
    /// A broker that is not there: port 1 belongs to nobody (tcpmux, RFC 1078).
    static func unreachable(name: String = "nobody") -> ConnectionConfiguration {
        ConnectionConfiguration(
            endpoints: [Endpoint(host: "127.0.0.1", port: 1)], credentials: .plain(user: "guest", password: "guest"),
            name: name)
    }
}

extension ConnectionStatus {
    var isConnected: Bool { if case .connected = self { true } else { false } }
    var isBlocked: Bool { if case .blocked = self { true } else { false } }
    var isDisconnected: Bool { failure != nil }
    /// Why it is disconnected.
    var failure: BrokerError? { if case .disconnected(let error) = self { error } else { nil } }
}

extension Connection {
    /// Whether the connection was made and its topology and channels are still being asked for.
    var isRestoring: Bool { library != nil && endpoint == nil }
    /// Channels that the broker or this side holds open.
    var channelCount: Int { channels.count }
    var waitingPublishes: Int { publishes.waitingCount }

    /// Waits for a status.
    /// - Throws: `TooLate`.
    @discardableResult
    nonisolated func status(
        _ what: String, within limit: Duration = .seconds(20), isWanted: @escaping @Sendable (ConnectionStatus) -> Bool
    ) async throws -> ConnectionStatus {
        let updates = status.updates()
        let found = try await BrokerTests.within(limit, "status \(what)") { await updates.first(where: isWanted) }
        guard let found else { throw TooLate(what: "status \(what), before the connection was closed", limit: limit) }
        return found
    }

    /// Publishes to a queue over the default exchange.
    nonisolated func publish(_ message: Message, queue: String) async throws {
        try await publish(message, exchange: "", routingKey: queue)
    }

    /// Publishes messages with these ids, so many at a time.
    /// - Returns: what went wrong, by message id.
    nonisolated func publishAll(
        _ ids: [String], queue: String, atOnce: Int = 1_000, within limit: Duration = .seconds(30),
        confirmed: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> [String: BrokerError] {
        try await BrokerTests.within(limit, "\(ids.count) confirms") {
            try await withThrowingTaskGroup(of: (String, BrokerError?).self) { group in
                var failures: [String: BrokerError] = [:]
                for (index, id) in ids.enumerated() {
                    if index >= atOnce, let (id, error) = try await group.next() { failures[id] = error }
                    group.addTask {
                        do {
                            try await self.publish(.test(id), queue: queue)
                            confirmed(id)
                            return (id, nil)
                        } catch let error as BrokerError {
                            return (id, error)
                        }
                    }
                }
                for try await (id, error) in group { failures[id] = error }
                return failures
            }
        }
    }

    /// Takes deliveries until there is one of each id, and acknowledges all.
    /// - Returns: how many times each came.
    nonisolated func collect(
        _ ids: Set<String>, from consumption: Consumption, within limit: Duration = .seconds(30)
    ) async throws -> [String: Int] {
        try await BrokerTests.within(limit, "\(ids.count) deliveries") {
            var counts: [String: Int] = [:]
            for await delivery in consumption {
                self.acknowledge(delivery)
                counts[delivery.message.properties.messageID ?? "", default: 0] += 1
                if counts.count >= ids.count, ids.isSubset(of: counts.keys) { break }
            }
            return counts
        }
    }
}

extension Consumption {
    /// The next so many deliveries.
    /// - Throws: `TooLate`.
    func take(_ count: Int, within limit: Duration = .seconds(20)) async throws -> [Delivery] {
        let what = "\(count) deliveries"
        return try await BrokerTests.within(limit, what) {
            var taken: [Delivery] = []
            for await delivery in self {
                taken.append(delivery)
                if taken.count == count { return taken }
            }
            throw TooLate(what: "\(what), only \(taken.count) before the end", limit: limit)
        }
    }
}

extension Message {
    /// A persistent message.
    static func test(_ id: String, body: [UInt8]? = nil) -> Message {
        var properties = MessageProperties()
        properties.messageID = id
        return Message(properties: properties, body: body ?? Array(id.utf8))
    }
}
