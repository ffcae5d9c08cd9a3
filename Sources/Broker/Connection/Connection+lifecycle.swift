import DequeModule
import Logging
import Metrics
import ServiceLifecycle

extension Connection {
    /// Keeps the connection until a graceful shutdown, or cancellation, of the task.
    ///
    /// A graceful shutdown waits for outstanding confirms and says goodbye, each at most as long as the close timeout;
    /// without a connection it does not wait. Whoever still waits for a publish then gets `closed`.
    package func run() async throws {
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await live()
            } onGracefulShutdown: {
                self.thread.perform { self.assumeIsolated { $0.requestStop(within: $0.configuration.closeTimeout) } }
            }
        } onCancel: {
            self.thread.perform { self.assumeIsolated { $0.requestStop(within: .zero) } }
        }
    }

    private func requestStop(within limit: Duration) {
        let deadline = ContinuousClock.now.advanced(by: limit)
        isStopping = true
        stopDeadline = stopDeadline.map { min($0, deadline) } ?? deadline
        for number in channels.keys { channels[number]?.call.hasten(to: deadline) }
        callDeadline = callDeadline.map { min($0, deadline) }
        post(.stop)
    }

    private func live() async {
        var backoff = ReconnectBackoff(configuration.backoff)
        var notices = OutageNotices()
        var generator = SystemRandomNumberGenerator()
        while !isStopping {
            var stoodSince: ContinuousClock.Instant?
            do throws(BrokerError) {
                guard try await connect() else { break }
                try await restore()
                stoodSince = .now
                notices.reset()
                try await serve()
            } catch {
                if isStopping { break }
                lose(error)
                // The next attempt goes elsewhere, if there is an elsewhere.
                endpointIndex += 1
                status.set(.disconnected(error))
                // A connection that falls at once has not proven anything: keep waiting longer.
                if let stoodSince, stoodSince.duration(to: .now) > configuration.backoff.limit { backoff.reset() }
                let wait = backoff.next(using: &generator)
                logger.log(
                    level: notices.isDue(error, at: .now) ? .warning : .debug,
                    "Connection to the broker is down",
                    metadata: ["error": "\(error)", "retry_in": .stringConvertible(wait)])
                await pause(wait)
            }
        }
        await close()
    }

    private var presentEndpoint: ConnectionConfiguration.Endpoint {
        configuration.endpoints[endpointIndex % configuration.endpoints.count]
    }

    /// - Returns: false when the connection was asked to stop meanwhile; the attempt then goes on alone to its end.
    private func connect() async throws(BrokerError) -> Bool {
        let endpoint = presentEndpoint
        try ConnectionAttempt.start(configuration, endpoint: endpoint) { result in
            self.thread.perform { self.assumeIsolated { $0.post(.attempted(result)) } }
        }
        while !isStopping {
            guard case .attempted(let result) = await nextIncident(before: nil) else { continue }
            library = try result.get().take()
            life += 1
            heardAt = .now
            lookAt = .now
            logger.debug("Connected to the broker", metadata: ["endpoint": "\(endpoint)"])
            return true
        }
        return false
    }

    private func restore() async throws(BrokerError) {
        try await establish()
        for addition in additions { try await declareAddition(addition) }
        if !publishes.isEmpty { try await openPublishChannel() }
        for id in consumers.keys.sorted() { try await subscribe(id) }
        guard library != nil else { return }  // Lost a moment ago: `serve()` finds the incident.
        metrics.connected.increment()
        logger.info("Connection to the broker stands", metadata: ["endpoint": "\(presentEndpoint)"])
        endpoint = presentEndpoint
        reportStatus()
    }

    /// Tells everyone where the connection stands, once it does.
    func reportStatus() {
        guard let endpoint else { return }
        // The broker may have blocked publishing while the channels were being opened.
        status.set(blockedReason.map { .blocked(reason: $0) } ?? .connected(endpoint))
    }

    /// Handles incidents until the connection is asked to stop and every publish is settled, or the time for that is
    /// up.
    private func serve() async throws(BrokerError) {
        while !isStopping || !publishes.isEmpty, let incident = await nextIncident(before: stopDeadline) {
            switch incident {
            case .lost(let error):
                throw error
            case .publishChannelNeeded:
                try await openPublishChannel()
            case .consumerNeeded(let id):
                guard !isStopping else { break }
                try await declareQueue(ofConsumer: id)
                try await subscribe(id)
            case .attempted, .publishesSettled, .stop:
                break
            }
        }
    }

    private func pause(_ wait: Duration) async {
        let end = ContinuousClock.now.advanced(by: wait)
        // Whatever happened to the lost connection is over: restoring it looks after everything.
        while !isStopping, await nextIncident(before: end) != nil {}
    }

    private func close() async {
        if library != nil {
            settleNow()
            // Cut short when the task is cancelled: then there is no time.
            if let graceEnd { try? await Task.sleep(until: min(graceEnd, stopDeadline ?? graceEnd)) }
            // A courtesy: the connection ends either way.
            try? await sayGoodbye()
        }
        library = nil
        endpoint = nil
        let open = channels
        channels.removeAll()
        for channel in open.values {
            channel.call.fail()?.resume(returning: .failure(BrokerError(.closed, "the connection has been shut down")))
        }
        for place in publishes.removeAll() {
            place.batch.end(place.index, BrokerError(.closed, "the connection has been shut down"))
        }
        for consumer in consumers.values { consumer.inbox.finish() }
        consumers.removeAll()
        status.set(.closed)
        logger.debug("Connection to the broker is closed")
    }

    private func sayGoodbye() async throws(BrokerError) {
        stopDeadline = nil  // The farewell has a time of its own.
        channels[0] = Channel(role: .control, assembler: DeliveryAssembler(maximumBodySize: 0))
        _ = try await call(
            .connectionClose, channel: 0, expecting: .connectionClosed, within: configuration.closeTimeout)
    }

    /// The connection is of no use any longer. Calling it twice does no harm.
    func lose(_ error: BrokerError) {
        guard library != nil else { return }
        library = nil
        endpoint = nil
        blockedReason = nil
        settleAt = nil
        publishes.isBlocked = false
        metrics.lost.increment()
        let lost = channels
        channels.removeAll()
        publishChannel = nil
        isPublishChannelAsked = false
        metrics.republished.increment(by: publishes.inFlightCount)
        _ = publishes.channelLost(cause: nil)
        // What was read before it counts for nothing any more.
        for consumer in arrived { consumer.arrivals = [] }
        arrived = []
        for id in consumers.keys { forgetChannel(ofConsumer: id) }
        for channel in lost.values { channel.call.fail()?.resume(returning: .failure(error)) }
        incidents.removeAll()
        post(.lost(error))
    }

    // MARK: Incidents

    func post(_ incident: Incident) {
        if let waiter = incidentWaiter {
            incidentWaiter = nil
            waiter.continuation.resume(returning: incident)
        } else {
            incidents.append(incident)
        }
    }

    /// - Returns: `nil` when the deadline has passed.
    private func nextIncident(before deadline: ContinuousClock.Instant?) async -> Incident? {
        await withCheckedContinuation { continuation in
            // Not before: on the way in, another job may post one.
            if let incident = incidents.popFirst() { return continuation.resume(returning: incident) }
            incidentWaiter = (continuation, deadline)
        }
    }
}
