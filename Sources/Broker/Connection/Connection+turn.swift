import Logging

extension Connection {
    /// Frames that one turn reads at most, so that jobs get their time under a flood.
    private static let framesPerTurn = 1024

    /// Reads what has come, writes what is due, and says how long the thread may sleep. Called on the thread after the
    /// jobs that are there, and often for nothing: so each step first looks whether it has anything to do.
    /// - Parameter isReadable: whether the socket may have something to read.
    func turn(isReadable: Bool) -> ConnectionThread.Rest {
        let now = ContinuousClock.now
        var rest = ConnectionThread.Rest()
        // Reading drives the heartbeats, too: come back to it well within an interval.
        if library != nil, isReadable || now >= lookAt {
            rest.isToBeCalledAgain = !read()
            handOverArrivals()
            if let heartbeat = library?.heartbeat, heartbeat > .zero { lookAt = now.advanced(by: heartbeat / 4) }
        }
        if library != nil, publishes.canSend || hasSettlements || settleAt.map({ $0 <= now }) == true {
            settle(now)
            if library != nil { rest.wantsToWrite = publishNow() }
        }
        flush()
        expire(now)
        rest.until = nextDeadline
        guard let heartbeat = library?.heartbeat else { return rest }
        rest.descriptor = library?.descriptor ?? -1
        if library?.hasBufferedInput == true { rest.isToBeCalledAgain = true }
        if heartbeat > .zero { rest.until = min(lookAt, rest.until ?? lookAt) }
        if let settleAt { rest.until = min(settleAt, rest.until ?? settleAt) }
        return rest
    }

    /// Writes what this turn, and the jobs before it, have sent.
    func flush() {
        do throws(BrokerError) { try library?.flush() } catch { lose(error) }
    }

    /// - Returns: whether everything that has come was read.
    private func read() -> Bool {
        if library?.readiness().canRead == true { heardAt = .now }
        for _ in 0..<Self.framesPerTurn {
            guard library != nil else { return true }
            switch library?.read() {
            case .frame(let frame):
                received(frame)
            case .body(let channel, let bytes):
                let action = channels[channel]?.assembler.receivedBody(bytes)
                release(channel)
                assembled(action, channel: channel)
            case .lost(let error):
                lose(error)
                return true
            case .drained, nil:
                return true
            }
        }
        return false
    }

    private func received(_ frame: InboundFrame) {
        switch frame {
        case .content(let channel, let start, _):
            release(channel)
            assembled(channels[channel]?.assembler.receivedMethod(start), channel: channel)
        case .header(let channel, let properties, let bodySize):
            release(channel)
            assembled(
                channels[channel]?.assembler.receivedHeader(properties, bodySize: bodySize), channel: channel)
        case .settled(let channel, let tag, let multiple, let isAck):
            release(channel)
            guard channel == publishChannel else {
                return lose(.protocolViolation("a confirm on a channel that does not publish"))
            }
            confirmed(tag: tag, multiple: multiple, isAck: isAck)
        case .answer(let channel, let answer):
            release(channel)
            answered(answer, channel)
        case .consumerCancelled(let channel, _):
            release(channel)
            consumerCancelled(channel)
        case .channelClose(let channel, let code, let text):
            release(channel)
            channelClosed(channel, BrokerError(.channelClosed, text, replyCode: code))
        case .connectionClose(let code, let text):
            // A courtesy: the connection is lost either way.
            try? library?.send(.connectionCloseOk, channel: 0)
            try? library?.flush()
            lose(BrokerError(.connectionLost, text, replyCode: code))
        case .blocked(let reason):
            logger.warning("The broker takes no publishes", metadata: ["reason": "\(reason)"])
            block(reason)
        case .unblocked:
            logger.info("The broker takes publishes again")
            block(nil)
        case .heartbeat:
            release(0)
        case .unknown(let channel):
            release(channel)
            lose(.protocolViolation("a method that nobody asked for"))
        }
    }

    private func answered(_ answer: Answer, _ number: UInt16) {
        guard let channel = channels[number] else {
            return lose(.protocolViolation("an answer on a channel that is not open"))
        }
        // A channel that was dismissed is closed without a call.
        guard channel.call.expected == answer.kind || (answer == .channelClosed && channel.isClosing) else {
            return lose(.protocolViolation("an answer that nobody asked for"))
        }
        channels[number]?.call.received(answer.kind)?.resume(returning: .success(answer))
        if answer == .channelClosed, let closed = channels.removeValue(forKey: number) {
            // What was asked before the channel was dismissed, and not answered any more.
            let error = BrokerError(.channelClosed, "the channel was closed meanwhile")
            closed.call.fail()?.resume(returning: .failure(error))
        }
        // The broker closes the socket now, which is no loss.
        if answer == .connectionClosed { library = nil }
    }

    private func block(_ reason: String?) {
        blockedReason = reason
        publishes.isBlocked = reason != nil
        library?.expectStalls(reason != nil)
        reportStatus()
    }

    private func release(_ channel: UInt16) { library?.release(channel: channel) }

    private func assembled(_ action: DeliveryAssembler.Action?, channel: UInt16) {
        switch action {
        case nil:
            lose(.protocolViolation("a content on a channel that is not open"))
        case .wait:
            break
        case .complete(
            .deliver(let tag, let isRedelivered, let exchange, let routingKey), let message, let isOversized):
            delivered(
                tag: tag, channel: channel,
                Delivered(
                    message: message, exchange: exchange, routingKey: routingKey, isRedelivered: isRedelivered,
                    isOversized: isOversized))
        case .complete(.returned(let code, let text, let exchange, let routingKey), let message, _):
            publishes.returned(
                messageID: message.properties.messageID, exchange: exchange, routingKey: routingKey, code: code,
                text: text)
        case .fail(let why):
            lose(.protocolViolation(why))
        }
    }

    /// The broker has closed a channel; the connection stands.
    private func channelClosed(_ number: UInt16, _ error: BrokerError) {
        guard channels[number] != nil else {
            return lose(.protocolViolation("the end of a channel that is not open"))
        }
        do throws(BrokerError) {
            try library?.send(.channelCloseOk, channel: number)
        } catch {
            return lose(error)
        }
        // Both sides close it at once: the number is free with the broker's answer, which comes all the same.
        guard channels[number]?.isClosing != true else { return }
        guard let channel = channels.removeValue(forKey: number) else { return }
        channel.call.fail()?.resume(returning: .failure(error))
        switch channel.role {
        case .control:
            break
        case .publishing:
            publishChannelClosed(error)
        case .consuming(let id):
            guard consumers[id]?.channel == number else { return }
            logger.warning("The broker closed a consumer's channel", metadata: ["error": "\(error)"])
            forgetChannel(ofConsumer: id)
            if consumers[id] != nil { post(.consumerNeeded(id)) }
        }
    }

    // MARK: Deadlines

    private var nextDeadline: ContinuousClock.Instant? {
        guard let waiter = incidentWaiter?.deadline else { return callDeadline }
        return min(waiter, callDeadline ?? waiter)
    }

    private func expire(_ now: ContinuousClock.Instant) {
        guard let nextDeadline, nextDeadline <= now else { return }
        if let deadline = incidentWaiter?.deadline, deadline <= now, let waiter = incidentWaiter {
            incidentWaiter = nil
            waiter.continuation.resume(returning: nil)
        }
        callDeadline = channels.values.compactMap(\.call.deadline).min()
        if let callDeadline, callDeadline <= now {
            lose(BrokerError(.timedOut, "the broker did not answer a request"))
        }
    }
}
