import Logging
import Metrics
import Synchronization

extension Connection {
    /// What a handler has decided about a delivery, on its way to the connection's thread.
    struct Settlement: Sendable {
        enum Verdict: Sendable {
            case acknowledge
            case reject(requeue: Bool)
        }

        let receipt: Delivery.Receipt
        let verdict: Verdict
    }

    /// A delivery before it has got its receipt.
    struct Delivered {
        let message: Message
        let exchange: String
        let routingKey: String
        let isRedelivered: Bool
        let isOversized: Bool
    }

    /// Starts a consumer, which is started again after each reconnect and when the broker cancels it.
    /// - Parameters:
    ///   - prefetch: deliveries that may be unsettled at a time, 1…65,535; also the bound of the buffer.
    ///   - gathersAcks: whether an ack may wait a moment for others to be said with.
    package func consume(queue: String, prefetch: Int, gathersAcks: Bool = false) -> Consumption {
        let consumption = Consumption(id: nextConsumer)
        nextConsumer += 1
        guard !isStopping else {
            consumption.inbox.finish()
            return consumption
        }
        consumers[consumption.id] = Consumer(
            queue: queue, prefetch: UInt16(clamping: max(1, prefetch)),  // Zero would be no limit at all.
            gathersAcks: gathersAcks, inbox: consumption.inbox)
        // Without a connection nothing is asked: when there is one, restoring it looks after all consumers.
        if library != nil { post(.consumerNeeded(consumption.id)) }
        return consumption
    }

    /// Ends a consumer: no new deliveries come, those that came can still be settled, and the sequence ends after them.
    package func cancel(_ consumption: Consumption) async {
        let id = consumption.id
        guard consumers[id]?.isCancelled == false else { return }
        consumers[id]?.isCancelled = true
        guard let channel = consumers[id]?.channel else { return end(consumer: id) }
        // One that is only just being started is looked after by `subscribe`.
        if consumers[id]?.isStarted == true { await stopDeliveries(id, channel) }
    }

    /// Gives up a cancelled consumer's channel. What was delivered over it and is not settled goes back to the queue.
    package func close(_ consumption: Consumption) {
        settleNow()
        guard let consumer = consumers.removeValue(forKey: consumption.id) else { return }
        consumer.inbox.finish()
        consumer.inbox.life.add(1, ordering: .relaxed)
        // One that is only just being started is looked after by `subscribe`.
        guard let channel = consumer.channel, consumer.isStarted else { return }
        guard let end = consumer.grace.end(at: .now) else { return dismissChannel(channel) }
        let life = life
        Task {
            // Cut short by nobody: nobody holds the task.
            try? await Task.sleep(until: end)
            if life == self.life { dismissChannel(channel) }
        }
    }

    private func stopDeliveries(_ id: Int, _ channel: UInt16) async {
        let cancel = OutboundMethod.basicCancel(consumerTag: Self.tag(id))
        _ = try? await call(cancel, channel: channel, expecting: .cancelled)  // Fails when all is over anyway.
        consumers[id]?.inbox.finish()
    }

    private func end(consumer id: Int) { consumers.removeValue(forKey: id)?.inbox.finish() }

    /// The work is done: the broker may forget the message. A delivery of a channel that is gone is let be; the broker
    /// delivers it again.
    package nonisolated func acknowledge(_ delivery: Delivery) { acknowledge(CollectionOfOne(delivery)) }

    /// Acknowledges deliveries together; those that follow on each other on a channel, with one frame.
    package nonisolated func acknowledge(_ deliveries: some Collection<Delivery>) {
        settle(deliveries, .acknowledge)
    }

    /// Gives the message back. Without `requeue` the broker dead-letters it.
    package nonisolated func reject(_ delivery: Delivery, requeue: Bool) {
        settle(CollectionOfOne(delivery), .reject(requeue: requeue))
    }

    private nonisolated func settle(_ deliveries: some Collection<Delivery>, _ verdict: Settlement.Verdict) {
        let isFirst = settlements.withLock { settlements in
            let isFirst = settlements.isEmpty
            for delivery in deliveries { settlements.append(Settlement(receipt: delivery.receipt, verdict: verdict)) }
            return isFirst && !settlements.isEmpty
        }
        if isFirst { thread.nudge() }
    }

    var hasSettlements: Bool { settlements.withLock { !$0.isEmpty } }

    /// How long an ack waits for others to be said with, while the consumer has room for more deliveries.
    private static let ackPatience = Duration.milliseconds(20)

    /// Tells the broker what handlers have decided, when it is worth a frame: the broker writes each to its log, so
    /// acks are gathered, where they may be, until a quarter of what may be unsettled is in hand no more, or the first
    /// has waited long enough.
    func settle(_ now: ContinuousClock.Instant) {
        for id in collectSettlements() {
            guard let consumer = consumers[id] else { continue }
            if !consumer.gathersAcks || consumer.ledger.pendingCount * 4 >= consumer.prefetch
                || (consumer.isCancelled && consumer.ledger.openCount == 0)
            {
                flush(id)
            } else if settleAt == nil {
                settleAt = now.advanced(by: Self.ackPatience)
            }
        }
        if let due = settleAt, due <= now { settleNow() }
    }

    /// Tells the broker everything that handlers have decided.
    package func settleNow() {
        _ = collectSettlements()
        settleAt = nil
        for id in consumers.keys { flush(id) }
    }

    /// Notes what handlers have decided; rejections, which are rare, are told at once.
    /// - Returns: the consumers that have got acks.
    private func collectSettlements() -> Set<Int> {
        var batch: [Settlement] = []
        settlements.withLock { swap(&batch, &$0) }
        var touched: Set<Int> = []
        for settlement in batch {
            let receipt = settlement.receipt
            guard let consumer = consumers[receipt.consumer], let channel = consumer.channel,
                consumer.inbox.life.load(ordering: .relaxed) == receipt.epoch
            else { continue }
            switch settlement.verdict {
            case .acknowledge:
                if consumer.ledger.acknowledge(receipt.tag) { touched.insert(receipt.consumer) }
            case .reject(let requeue):
                if let action = consumer.ledger.reject(receipt.tag, requeue: requeue) { tell(action, channel) }
            }
        }
        return touched
    }

    private func flush(_ id: Int) {
        guard let consumer = consumers[id], let channel = consumer.channel, consumer.ledger.pendingCount > 0 else {
            return
        }
        let actions = consumer.ledger.flush()
        for action in actions { tell(action, channel) }
        let now = ContinuousClock.now
        consumer.grace.told(actions.count, at: now)
        if let end = consumer.grace.end(at: now) { graceEnd = end }
    }

    private func tell(_ action: AckLedger.Action, _ channel: UInt16) {
        do throws(BrokerError) {
            switch action {
            case .acknowledge(let tag, let multiple):
                try library?.send(.basicAck(tag: tag, multiple: multiple), channel: channel)
            case .reject(let tag, let requeue):
                try library?.send(.basicReject(tag: tag, requeue: requeue), channel: channel)
            }
        } catch {
            lose(error)
        }
    }

    func subscribe(_ id: Int) async throws(BrokerError) {
        guard let consumer = consumers[id], consumer.channel == nil, !consumer.isCancelled else { return }
        let channel = try await openChannel(.consuming(id))
        _ = try await call(.basicQos(prefetch: consumer.prefetch), channel: channel, expecting: .qosSet)
        guard consumers[id] != nil else { return dismissChannel(channel) }  // Cancelled meanwhile.
        try check(isOpen: channel)
        // Deliveries may come before the answer does.
        consumers[id]?.inbox.life.add(1, ordering: .relaxed)
        consumers[id]?.ledger = AckLedger()
        consumers[id]?.channel = channel
        _ = try await call(
            .basicConsume(queue: consumer.queue, consumerTag: Self.tag(id)), channel: channel, expecting: .consuming)
        guard let present = consumers[id] else { return dismissChannel(channel) }  // Closed meanwhile.
        guard present.channel == channel else { return }  // Lost meanwhile.
        consumers[id]?.isStarted = true
        logger.info("Consuming", metadata: ["queue": "\(consumer.queue)", "prefetch": "\(consumer.prefetch)"])
        if present.isCancelled { await stopDeliveries(id, channel) }
    }

    /// Notes what has come for a consumer; it gets all of a turn at once, see `handOverArrivals`.
    func delivered(tag: UInt64, channel number: UInt16, _ delivered: Delivered) {
        guard case .consuming(let id) = channels[number]?.role else {
            return lose(.protocolViolation("a delivery on a channel that does not consume"))
        }
        guard let consumer = consumers[id], consumer.channel == number else { return }  // Closed here meanwhile.
        guard consumer.ledger.delivered(tag) else {
            return lose(.protocolViolation("delivery tags do not count up by one"))
        }
        let life = consumer.inbox.life.load(ordering: .relaxed)
        if consumer.arrivals.isEmpty { arrived.append(consumer) }
        consumer.arrivals.append(
            Delivery(
                message: delivered.message, exchange: delivered.exchange, routingKey: delivered.routingKey,
                isRedelivered: delivered.isRedelivered, isOversized: delivered.isOversized,
                receipt: Delivery.Receipt(consumer: id, epoch: life, tag: tag)))
    }

    /// Gives consumers what a turn has read for them.
    func handOverArrivals() {
        guard !arrived.isEmpty else { return }
        for consumer in arrived {
            metrics.delivered.increment(by: consumer.arrivals.count)
            consumer.inbox.put(consumer.arrivals)
            consumer.arrivals = []
        }
        arrived.removeAll(keepingCapacity: true)
    }

    /// basic.cancel from the broker: the queue was deleted or has moved. What is unsettled on the channel stays valid,
    /// but a new consumer gets a new channel, so the old one is closed and the broker takes back what it held.
    func consumerCancelled(_ number: UInt16) {
        guard case .consuming(let id) = channels[number]?.role, consumers[id]?.channel == number else { return }
        logger.warning(
            "The broker cancelled a consumer", metadata: ["queue": "\(consumers[id]?.queue ?? "")"])
        settleNow()
        forgetChannel(ofConsumer: id)
        dismissChannel(number)
        if library != nil, consumers[id] != nil { post(.consumerNeeded(id)) }
    }

    /// Deliveries of the consumer's channel can no longer be settled.
    func forgetChannel(ofConsumer id: Int) {
        guard consumers[id]?.channel != nil else { return }
        consumers[id]?.channel = nil
        consumers[id]?.isStarted = false
        consumers[id]?.inbox.life.add(1, ordering: .relaxed)
        if consumers[id]?.isCancelled == true { end(consumer: id) }
    }

    private static func tag(_ id: Int) -> String { "intake-\(id)" }
}
