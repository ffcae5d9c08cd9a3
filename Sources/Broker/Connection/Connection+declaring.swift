import Logging

/// Topology at the beginning of a connection, and what is added while it stands.
extension Connection {
    /// Sees to it that the topology is there, or a part of it.
    /// - Throws: `topologyMissing` when something is not, and is not to be declared.
    func establish(
        _ part: (TopologyDeclaration) -> TopologyDeclaration = { $0 }
    ) async throws(BrokerError) {
        switch duty {
        case .check(let advice): try await check(part(topology), advice)
        case .declare:
            guard let successor else { return try await declare(part(topology)) }
            if try await !isThere(successor) {
                try await declare(part(topology))
                // It may have come meanwhile, and what was declared just now contradicts it.
                guard try await isThere(successor) else { return }
            }
            try await declare(part(successor.topology))
        }
    }

    private func isThere(_ successor: TopologySuccessor) async throws(BrokerError) -> Bool {
        try await isThere(
            .exchangeDeclare(.init(name: successor.mark, kind: "direct"), isPassive: true),
            expecting: .exchangeDeclared)
    }

    private func check(_ topology: TopologyDeclaration, _ advice: String) async throws(BrokerError) {
        guard !topology.exchanges.isEmpty || !topology.queues.isEmpty else { return }
        let channel = try await openChannel(.control)
        for exchange in topology.exchanges {
            try await find(
                "exchange \(exchange.name)", .exchangeDeclare(exchange, isPassive: true), expecting: .exchangeDeclared,
                channel, advice)
        }
        for queue in topology.queues {
            try await find(
                "queue \(queue.name)", .queueDeclare(queue, isPassive: true), expecting: .queueDeclared, channel, advice
            )
        }
        try await unbind(topology.unbindings, channel)
    }

    /// Takes away what may be left from another topology. Where that is not allowed it was others' to do.
    private func unbind(
        _ bindings: [TopologyDeclaration.Binding], _ channel: UInt16
    ) async throws(BrokerError) {
        do throws(BrokerError) {
            for binding in bindings {
                _ = try await call(.queueUnbind(binding), channel: channel, expecting: .queueUnbound)
            }
        } catch {
            guard error.code == .channelClosed, error.replyCode == 403 else { throw error }
            logger.debug("Bindings may not be taken away", metadata: ["error": "\(error)"])
            return
        }
        try await closeChannel(channel)
    }

    private func find(
        _ what: String, _ question: OutboundMethod, expecting answer: Answer.Kind, _ channel: UInt16, _ advice: String
    ) async throws(BrokerError) {
        do throws(BrokerError) {
            _ = try await call(question, channel: channel, expecting: answer)
        } catch {
            guard error.saysThatNothingIsThere else { throw error }
            throw BrokerError(.topologyMissing, "\(what) is not on the broker: \(advice)", replyCode: 404)
        }
    }

    /// Adds to what is declared each time that the connection is made, and declares it at once where the connection
    /// stands.
    ///
    /// What the broker refuses, because something of that name is there and differs, is logged: the rest goes on
    /// without it.
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

    /// A consumer's queue may have been deleted; the whole topology would be long to declare for each of many
    /// consumers.
    func declareQueue(ofConsumer id: Int) async throws(BrokerError) {
        guard let queue = consumers[id]?.queue else { return }
        // With a successor it takes questions to which the broker says no: only when there is need.
        var isMissing = true
        if successor != nil {
            isMissing = try await !isThere(
                .queueDeclare(.init(name: queue), isPassive: true), expecting: .queueDeclared)
        }
        if isMissing { try await establish { $0.part(ofQueue: queue) } }
        for addition in additions where addition.queues.contains(where: { $0.name == queue }) {
            try await declareAddition(addition)
        }
    }
}
