import Broker
import ServiceLifecycle

/// What becomes of a queue whose endpoint is left alone.
extension StageLoop {
    /// Nothing is taken from the queue, except to probe.
    var isShut: Bool { endpoint?.isClosed == false }

    /// Waits for the time of the next probe, then takes one message and tries with it, whenever one comes.
    /// - Returns: whether to go on; `false` when the stage stops.
    func probe(at instant: ContinuousClock.Instant) async -> Bool {
        do {
            try await cancelWhenGracefulShutdown { try await Task.sleep(until: instant, clock: .continuous) }
        } catch {
            // Only the end of the process ends the wait.
            return false
        }
        return await consume(prefetch: 1) { consumption in
            for await delivery in consumption {
                // With a prefetch of one, no other has come.
                await connection.cancel(consumption)
                await take(delivery, from: consumption)
                return true
            }
            return false
        }
    }
}
