import Logging
import Metrics

extension Connection {
    /// Publishes messages, persistent and mandatory, in their order, and returns when each is in every queue that it
    /// belongs in, on disk, or the broker has not taken it.
    ///
    /// While the connection is away, or blocked by the broker, it waits. What was sent and not confirmed when the
    /// connection broke is sent again under the same message id: give it one, and let the readers expect duplicates.
    /// - Returns: those that were not taken, in no order: `unroutable`, `refused`, `channelClosed` (no such exchange),
    ///   `messageTooLarge` or `closed`.
    /// - Throws: `CancellationError`, which leaves open what was taken.
    package func publish(_ publications: [Publication]) async throws(CancellationError) -> [UnpublishedMessage] {
        guard !publications.isEmpty else { return [] }
        let ids = publishes.issueIDs(publications.count)
        let result = await withTaskCancellationHandler {
            await withUnsafeContinuation { (continuation: PublishBatch.Continuation) in
                // Not before: on the way in, the handler's job may run, or the shutdown.
                if Task.isCancelled { return continuation.resume(returning: .failure(CancellationError())) }
                let batch = PublishBatch(publications.count, continuation)
                for (index, publication) in publications.enumerated() {
                    if isStopping {
                        batch.end(index, BrokerError(.closed, "the connection has been shut down"))
                    } else {
                        publishes.submit(
                            publication, id: ids.lowerBound + UInt64(index),
                            token: PublishPlace(batch: batch, index: index))
                    }
                }
                askForPublishChannel()
            }
        } onCancel: {
            thread.perform { self.assumeIsolated { $0.cancelPublishes(ids) } }
        }
        return try result.get()
    }

    /// Publishes one message, see above.
    /// - Throws: `BrokerError` when it was not taken; `CancellationError`.
    package func publish(_ message: Message, exchange: String, routingKey: String) async throws {
        let publication = Publication(message, exchange: exchange, routingKey: routingKey)
        if let unpublished = try await publish([publication]).first { throw unpublished.error }
    }

    private func cancelPublishes(_ ids: Range<UInt64>) {
        // All of them belong to one batch.
        publishes.cancel(ids).first?.batch.cancel()
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
                flush()
                guard isBrokerHeard else { return false }
                guard library?.readiness().canWrite == true else { return true }
                bytes = Self.bytesPerLook
            }
            guard let entry = publishes.next() else { return false }
            // The frames around the body are a few hundred bytes.
            bytes -= 512 + entry.publication.message.body.count
            do throws(BrokerError) {
                try library?.publish(entry.publication, channel: channel)
                if FailurePoint.canStrike { try library?.flush() }
                FailurePoint.pass("publish.sent", entry.publication.routingKey)
            } catch {
                guard error.code == .messageTooLarge else {
                    lose(error)
                    return false
                }
                if let place = publishes.unsendable(entry.id) { place.batch.end(place.index, error) }
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
        guard let settled = publishes.settled(tag: tag, multiple: multiple, isAck: isAck) else {
            return lose(.protocolViolation("a confirm of what was not published"))
        }
        for (place, outcome) in settled { end(place, outcome) }
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
        if let (place, outcome) = publishes.channelLost(cause: error) { end(place, outcome) }
        if !publishes.isEmpty { askForPublishChannel() }
        reportSettled()
    }

    private func end(_ place: PublishPlace, _ outcome: PublishLedger<PublishPlace>.Outcome) {
        switch outcome {
        case .confirmed:
            metrics.confirmed.increment()
            place.batch.end(place.index, nil)
        case .refused:
            metrics.refused.increment()
            place.batch.end(place.index, BrokerError(.refused, "a queue refused the message"))
        case .unroutable(let code, let text):
            metrics.unroutable.increment()
            place.batch.end(place.index, BrokerError(.unroutable, text, replyCode: code))
        case .rejected(let error):
            metrics.refused.increment()
            place.batch.end(place.index, error)
        }
    }
}

/// A message of a batch that the broker did not take.
package struct UnpublishedMessage: Sendable, Equatable {
    /// Its place in the batch.
    package var index: Int
    package var error: BrokerError
}

/// Publishes that one caller waits for together. It lives on the connection's thread.
final class PublishBatch {
    typealias Continuation = UnsafeContinuation<Result<[UnpublishedMessage], CancellationError>, Never>

    private var missing: Int
    private var unpublished: [UnpublishedMessage] = []
    private let continuation: Continuation

    init(_ count: Int, _ continuation: Continuation) {
        missing = count
        self.continuation = continuation
    }

    /// A message has come to its end; the last one ends the wait. Each is told once.
    func end(_ index: Int, _ error: BrokerError?) {
        if let error { unpublished.append(UnpublishedMessage(index: index, error: error)) }
        missing -= 1
        if missing == 0 { continuation.resume(returning: .success(unpublished)) }
    }

    /// The caller waits no longer. At least one message has not come to its end, and none is told any more.
    func cancel() { continuation.resume(returning: .failure(CancellationError())) }
}
