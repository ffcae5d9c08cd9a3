import Logging

/// Topology that grows while the connection stands.
extension Connection {
    /// Adds to what is declared each time that the connection is made, and declares it at once where the connection stands.
    ///
    /// What the broker refuses, because something of that name is there and differs, is logged: the rest goes on without it.
    /// - Returns: whether it is declared; else it will be with the next connection, or the log says why not.
    @discardableResult
    package func add(_ addition: TopologyDeclaration) async -> Bool {
        if !additions.contains(addition) { additions.append(addition) }
        guard library != nil else { return false }
        do throws(BrokerError) {
            return try await declareAddition(addition)
        } catch {
            // The connection is gone, and the next one declares it.
            return false
        }
    }

    /// - Throws: anything but the broker's refusal.
    @discardableResult
    func declareAddition(_ addition: TopologyDeclaration) async throws(BrokerError) -> Bool {
        do throws(BrokerError) {
            try await declare(addition)
            return true
        } catch {
            guard error.code == .channelClosed else { throw error }
            let names = addition.queues.map(\.name) + addition.exchanges.map(\.name)
            logger.error(
                "The broker refuses a declaration",
                metadata: ["names": "\(names.joined(separator: ", "))", "error": "\(error)"])
            return false
        }
    }

    /// A consumer's queue may have been deleted; the whole topology would be long to declare for each of many consumers.
    func declareQueue(ofConsumer id: Int) async throws(BrokerError) {
        guard let queue = consumers[id]?.queue else { return }
        try await declare(topology.part(ofQueue: queue))
        for addition in additions where addition.queues.contains(where: { $0.name == queue }) {
            try await declareAddition(addition)
        }
    }
}
