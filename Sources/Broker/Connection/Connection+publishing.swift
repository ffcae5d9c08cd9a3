import Logging
import Metrics

extension Connection {
    /// Publishes, persistent and mandatory, and returns when every queue that the message belongs in has it on disk.
    ///
    /// While the connection is away, or blocked by the broker, it waits. What was sent and not confirmed when the
    /// connection broke is sent again under the same message id: give it one, and let the readers expect duplicates.
    /// - Throws: `BrokerError` with `unroutable`, `refused`, `channelClosed` (no such exchange), `messageTooLarge` or
    ///   `closed`; `CancellationError`, which leaves open whether the message was taken.
    package func publish(_ message: Message, exchange: String, routingKey: String) async throws {
        let id = publishes.issueID()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: Publish) in
                // Not before: on the way in, the handler's job may run, or the shutdown.
                if Task.isCancelled { return continuation.resume(returning: .failure(CancellationError())) }
                if isStopping {
                    let error = BrokerError(.closed, "the connection has been shut down")
                    return continuation.resume(returning: .failure(error))
                }
                publishes.submit(
                    message, exchange: exchange, routingKey: routingKey, id: id, token: continuation)
                askForPublishChannel()
            }
        } onCancel: {
            thread.perform { self.assumeIsolated { $0.cancelPublish(id) } }
        }
        try result.get()
    }

    private func cancelPublish(_ id: UInt64) {
        publishes.cancel(id)?.resume(returning: .failure(CancellationError()))
        reportSettled()
    }

    /// Without a connection nothing is asked: when there is one, restoring it looks after what waits.
    private func askForPublishChannel() {
        guard library != nil, publishChannel == nil, !isPublishChannelAsked else { return }
        isPublishChannelAsked = true
        post(.publishChannelNeeded)
    }

    func openPublishChannel() async throws(BrokerError) {
        guard publishChannel == nil else { return }
        guard library != nil else { throw BrokerError(.connectionLost, "not connected") }
        isPublishChannelAsked = true
        let channel = try await openChannel(.publishing)
        _ = try await call(.confirmSelect, channel: channel, expecting: .confirming)
        try check(isOpen: channel)
        publishChannel = channel
        isPublishChannelAsked = false
        publishes.channelOpened()
    }

    /// Publishes of one turn, so that confirms, and the news that the broker takes no more, are read in between.
    private static let publishesPerTurn = 1024
    /// Bytes that are written between two looks at whether the socket takes more. Writes beyond that would wait, and a
    /// broker in alarm can let them wait for as long as it likes.
    private static let bytesPerLook = 16 * 1024

    /// Hands what waits to the library, as far as the socket takes it.
    /// - Returns: whether to come back as soon as the socket takes more.
    func publishNow() -> Bool {
        guard let channel = publishChannel else { return false }
        var bytes = 0
        for _ in 0..<Self.publishesPerTurn {
            guard publishes.canSend else { return false }  // Most turns have nothing to publish, and end here.
            if bytes <= 0 {
                guard isBrokerHeard else { return false }
                guard library?.readiness().canWrite == true else { return true }
                bytes = Self.bytesPerLook
            }
            guard let entry = publishes.next() else { return false }
            // The frames around the body are a few hundred bytes.
            bytes -= 512 + entry.message.body.count
            do throws(BrokerError) {
                try library?.publish(
                    entry.message, channel: channel, exchange: entry.exchange, routingKey: entry.routingKey)
                FailurePoint.pass("publish.sent", entry.routingKey)
            } catch {
                guard error.code == .messageTooLarge else {
                    lose(error)
                    return false
                }
                publishes.unsendable(entry.id)?.resume(returning: .failure(error))
                reportSettled()
            }
        }
        return publishes.canSend
    }

    /// Once the library has missed two heartbeats, `amqp_basic_publish` waits for the next one, and for ever if need be
    /// (rabbitmq-c, issue 780). So nothing is published to a broker that is about to be given up.
    private var isBrokerHeard: Bool {
        guard let heartbeat = library?.heartbeat, heartbeat > .zero else { return true }
        return heardAt.duration(to: .now) < heartbeat * 3 / 2
    }

    func confirmed(tag: UInt64, multiple: Bool, isAck: Bool) {
        for (token, outcome) in publishes.settled(tag: tag, multiple: multiple, isAck: isAck) {
            resume(token, outcome)
        }
        reportSettled()
    }

    /// A graceful shutdown waits for this.
    private func reportSettled() {
        if isStopping, publishes.isEmpty { post(.publishesSettled) }
    }

    func publishChannelClosed(_ error: BrokerError) {
        logger.warning("The broker closed the publishing channel", metadata: ["error": "\(error)"])
        publishChannel = nil
        isPublishChannelAsked = false
        metrics.republished.increment(by: publishes.inFlightCount)
        if let (token, outcome) = publishes.channelLost(cause: error) { resume(token, outcome) }
        if !publishes.isEmpty { askForPublishChannel() }
        reportSettled()
    }

    private func resume(_ token: Publish, _ outcome: PublishLedger<Publish>.Outcome) {
        switch outcome {
        case .confirmed:
            metrics.confirmed.increment()
            token.resume(returning: .success(()))
        case .refused:
            metrics.refused.increment()
            token.resume(returning: .failure(BrokerError(.refused, "a queue refused the message")))
        case .unroutable(let code, let text):
            metrics.unroutable.increment()
            token.resume(returning: .failure(BrokerError(.unroutable, text, replyCode: code)))
        case .rejected(let error):
            metrics.refused.increment()
            token.resume(returning: .failure(error))
        }
    }
}
