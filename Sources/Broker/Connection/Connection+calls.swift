import ServiceLifecycle

extension Connection {
    /// Declares exchanges, queues, bindings, and bindings of exchanges, in this order: no message comes before its
    /// queue. What is there already, and alike, stays as it is. At last it takes away what is to be unbound.
    /// - Throws: `channelClosed` when something of that name is there and differs (406), or is not allowed (403);
    ///   `topologyMissing` when the broker lacks a plug-in.
    package func declare(_ topology: TopologyDeclaration) async throws(BrokerError) {
        guard topology != TopologyDeclaration() else { return }
        let channel = try await openChannel(.control)
        for exchange in topology.exchanges {
            do throws(BrokerError) {
                _ = try await call(
                    .exchangeDeclare(exchange, isPassive: false), channel: channel, expecting: .exchangeDeclared)
            } catch {
                throw error.ofMissingPlugin(exchange) ?? error
            }
        }
        for queue in topology.queues {
            _ = try await call(.queueDeclare(queue, isPassive: false), channel: channel, expecting: .queueDeclared)
        }
        for binding in topology.bindings {
            _ = try await call(.queueBind(binding), channel: channel, expecting: .queueBound)
        }
        for binding in topology.exchangeBindings {
            _ = try await call(.exchangeBind(binding), channel: channel, expecting: .exchangeBound)
        }
        for binding in topology.unbindings {
            _ = try await call(.queueUnbind(binding), channel: channel, expecting: .queueUnbound)
        }
        try await closeChannel(channel)
    }

    /// What the broker says about a queue.
    package struct QueueDepth: Sendable, Equatable {
        /// Ready to be delivered; what is with consumers is not counted.
        package var messages: Int
        package var consumers: Int
    }

    /// - Throws: `channelClosed` with reply code 404 when there is no such queue.
    package func depth(ofQueue name: String) async throws(BrokerError) -> QueueDepth {
        let channel = try await openChannel(.control)
        let answer = try await call(
            .queueDeclare(.init(name: name), isPassive: true), channel: channel, expecting: .queueDeclared)
        try await closeChannel(channel)
        guard case .queueDeclared(_, let messages, let consumers) = answer else {
            return QueueDepth(messages: 0, consumers: 0)
        }
        return QueueDepth(messages: Int(messages), consumers: Int(consumers))
    }

    /// How many of some queues are there, asked one after the other until one is not.
    package func count(ofQueues names: [String]) async throws(BrokerError) -> Int {
        var count = 0
        for name in names {
            guard try await isThere(.queueDeclare(.init(name: name), isPassive: true), expecting: .queueDeclared) else {
                break
            }
            count += 1
        }
        return count
    }

    /// - Parameter question: a passive declaration. The broker ends the channel, and writes a line, when it says no.
    func isThere(_ question: OutboundMethod, expecting answer: Answer.Kind) async throws(BrokerError) -> Bool {
        let channel = try await openChannel(.control)
        do throws(BrokerError) {
            _ = try await call(question, channel: channel, expecting: answer)
        } catch {
            guard error.saysThatNothingIsThere else { throw error }
            return false
        }
        try await closeChannel(channel)
        return true
    }

    /// Deletes a queue and what is in it. A queue that is not there is none the less deleted.
    package func deleteQueue(_ name: String) async throws(BrokerError) {
        let channel = try await openChannel(.control)
        _ = try await call(.queueDelete(name: name), channel: channel, expecting: .queueDeleted)
        try await closeChannel(channel)
    }

    func openChannel(_ role: Channel.Role) async throws(BrokerError) -> UInt16 {
        guard library != nil else { throw BrokerError(.connectionLost, "not connected") }
        guard let number = (1...UInt16(2047)).first(where: { channels[$0] == nil }) else {
            throw BrokerError(.channelClosed, "no channel is left")
        }
        channels[number] = Channel(
            role: role, assembler: DeliveryAssembler(maximumBodySize: configuration.maximumBodySize))
        _ = try await call(.channelOpen, channel: number, expecting: .channelOpened)
        return number
    }

    /// For who goes on with a channel after an answer: between the answer and its reader's job, all may have been lost.
    /// - Throws: `connectionLost`.
    func check(isOpen channel: UInt16) throws(BrokerError) {
        guard channels[channel] != nil else { throw BrokerError(.connectionLost, "the channel is gone") }
    }

    /// Closes a channel; when the broker has confirmed it, its number is free again.
    func closeChannel(_ number: UInt16) async throws(BrokerError) {
        _ = try await call(.channelClose, channel: number, expecting: .channelClosed)
    }

    /// Closes a channel without waiting for the broker.
    func dismissChannel(_ number: UInt16) {
        guard channels[number]?.isClosing == false else { return }
        channels[number]?.isClosing = true
        do throws(BrokerError) {
            try library?.send(.channelClose, channel: number)
        } catch {
            lose(error)
        }
    }

    /// Asks the broker something and waits for its answer.
    func call(
        _ method: OutboundMethod, channel: UInt16, expecting answer: Answer.Kind, within timeout: Duration? = nil
    ) async throws(BrokerError) -> Answer {
        let patience = ContinuousClock.now.advanced(by: timeout ?? configuration.replyTimeout)
        let id = nextCall
        nextCall += 1
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                ask(method, channel: channel, expecting: answer, id: id, patience: patience, continuation)
            }
        } onCancel: {
            thread.perform { self.assumeIsolated { $0.abandonCall(id, channel: channel) } }
        }
        return try result.get()
    }

    private func ask(
        _ method: OutboundMethod, channel: UInt16, expecting answer: Answer.Kind, id: UInt64,
        patience: ContinuousClock.Instant, _ continuation: Call
    ) {
        guard library != nil, channels[channel]?.isClosing == false else {
            return continuation.resume(returning: .failure(BrokerError(.connectionLost, "the channel is gone")))
        }
        let deadline = stopDeadline.map { min($0, patience) } ?? patience
        guard channels[channel]?.call.begin(continuation, id: id, expecting: answer, deadline: deadline) == true else {
            return continuation.resume(returning: .failure(BrokerError(.channelClosed, "the channel is busy")))
        }
        callDeadline = min(callDeadline ?? deadline, deadline)
        if case .channelClose = method { channels[channel]?.isClosing = true }
        do throws(BrokerError) {
            try library?.send(method, channel: channel)
        } catch {
            lose(error)
        }
        // The handler may have run before there was anything to abandon.
        if Task.isCancelled { abandonCall(id, channel: channel) }
    }

    private func abandonCall(_ id: UInt64, channel number: UInt16) {
        guard let continuation = channels[number]?.call.abandon(id) else { return }
        continuation.resume(returning: .failure(BrokerError(.closed, "the caller was cancelled")))
        // Nobody is left to close it.
        if number != 0, case .control = channels[number]?.role { dismissChannel(number) }
    }
}

extension BrokerError {
    /// The broker's answer to a passive declaration of what is not there. 404 is also said, in other words, of a queue
    /// whose node is away.
    var saysThatNothingIsThere: Bool { replyCode == 404 && detail.hasPrefix("NOT_FOUND - no ") }

    /// What the broker says of an exchange whose type it does not know, in words that help: RabbitMQ 3 ends the
    /// connection with 503, RabbitMQ 4 the channel with 406.
    /// - Returns: `nil` when it says something else.
    fileprivate func ofMissingPlugin(_ exchange: TopologyDeclaration.Exchange) -> BrokerError? {
        guard let plugin = Self.plugins[exchange.kind], detail.contains("exchange type '\(exchange.kind)'") else {
            return nil
        }
        return BrokerError(
            .topologyMissing,
            "the broker has no exchanges of the type \(exchange.kind): rabbitmq-plugins enable \(plugin)",
            replyCode: replyCode)
    }

    /// Plug-ins that bring types of exchanges.
    private static let plugins = ["x-consistent-hash": "rabbitmq_consistent_hash_exchange"]
}
