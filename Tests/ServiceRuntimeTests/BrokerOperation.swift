import Contracts
import ServiceRuntime

@testable import Broker

/// Something that an account may ask of the broker or not.
struct BrokerOperation: Sendable {
    let name: String
    /// Who may, written out by hand: not what `Topology` gives.
    let allowed: Set<Account>
    let perform: @Sendable (Connection) async throws(BrokerError) -> Void

    /// - Throws: what is not about permissions.
    func isRefused(over connection: Connection) async throws -> Bool {
        do {
            try await perform(connection)
            return false
        } catch {
            // No queue is bound for it: it was taken all the same.
            if error.code == .unroutable { return false }
            guard error.replyCode == 403 else { throw error }
            return true
        }
    }
}

extension BrokerOperation {
    static func consume(_ queue: String, _ allowed: Set<Account>) -> BrokerOperation {
        BrokerOperation(name: "consume \(queue)", allowed: allowed) { connection throws(BrokerError) in
            // No consumer has this number: what is delivered goes back with the channel.
            let channel = try await connection.openChannel(.consuming(0))
            _ = try await connection.call(
                .basicConsume(queue: queue, consumerTag: "test"), channel: channel, expecting: .consuming)
            try await connection.closeChannel(channel)
        }
    }

    static func publish(_ exchange: String, _ key: String, _ allowed: Set<Account>) -> BrokerOperation {
        let name = "publish to '\(exchange)' by \(key)"
        return BrokerOperation(name: name, allowed: allowed) { connection throws(BrokerError) in
            do {
                try await connection.publish(Message(body: []), exchange: exchange, routingKey: key)
            } catch let error as BrokerError {
                throw error
            } catch {
                throw BrokerError(.closed, "cancelled")
            }
        }
    }

    static func declare(_ name: String, _ topology: TopologyDeclaration, _ allowed: Set<Account>) -> BrokerOperation {
        BrokerOperation(name: "declare \(name)", allowed: allowed) { connection throws(BrokerError) in
            try await connection.declare(topology)
        }
    }

    static func bind(_ queue: String, to exchange: String, by key: String, _ allowed: Set<Account>) -> BrokerOperation {
        var topology = TopologyDeclaration()
        topology.bindings = [.init(queue: queue, exchange: exchange, routingKey: key)]
        return .declare("a binding of \(queue) to \(exchange) by \(key)", topology, allowed)
    }

    static func delete(_ queue: String, _ allowed: Set<Account>) -> BrokerOperation {
        BrokerOperation(name: "delete \(queue)", allowed: allowed) { connection throws(BrokerError) in
            try await connection.deleteQueue(queue)
        }
    }
}
