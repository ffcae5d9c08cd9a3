import AsyncHTTPClient
import HTTPExchange
import NIOCore
import Terminal
import UnixSignals

/// A whole run of the simulated partner.
struct Simulation: Sendable {
    var source: RequestSource
    var api: PartnerAPI
    var callbacks: CallbackEndpoint.Address
    /// Requests a second; `nil` for as fast as they are taken.
    var rate: Double?
    /// How many POSTs are under way at once.
    var concurrency: Int
    /// How long nothing may happen before the run is given up.
    var timeout: Duration
    /// How the partner misbehaves; `nil` for not at all.
    var misbehaviour: MisbehaviourPlan?

    /// Runs it to its end.
    /// - Parameters:
    ///   - interruption: returns when the run is to end early.
    ///   - listening: is told the port of the callbacks before the first POST goes out.
    /// - Throws: `CommandError` when it could not start.
    func run(
        display: ProgressDisplay, interruption: @escaping @Sendable () async -> Void,
        listening: (Int) -> Void = { _ in }
    ) async throws -> SimulationReport {
        let client = makeClient()
        do {
            let report = try await run(client, display, interruption, listening)
            try await client.shutdown()
            return report
        } catch {
            try await client.shutdown()
            throw error
        }
    }

    /// Returns at the first SIGINT or SIGTERM, which until then do not end the process by themselves.
    static func interruptionBySignal() async {
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { return }
    }

    private func run(
        _ client: HTTPClient, _ display: ProgressDisplay, _ interruption: @escaping @Sendable () async -> Void,
        _ listening: (Int) -> Void
    ) async throws -> SimulationReport {
        let ledger = LiveLedger(count: source.count, misbehaviour: misbehaviour)
        let endpoint = CallbackEndpoint(
            callbacks,
            taker: CallbackTaker(
                authorization: callbacks.authorization, signatures: callbacks.signatures, ledger: ledger,
                misbehaviour: misbehaviour))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await endpoint.run() }
            guard let port = await endpoint.port() else {
                try await group.waitForAll()
                throw CancellationError()
            }
            listening(port)
            let start = ContinuousClock.now
            let ending = await play(ledger, client, display, interruption)
            let elapsed = ContinuousClock.now - start
            // Gracefully: the last callback's sender still waits for its receipt.
            await endpoint.stop()
            try await group.waitForAll()
            var report = SimulationReport(
                ledger.current, ending: ending, elapsed: elapsed, areSigned: callbacks.signatures != nil)
            report.waiting = await JobLookup(api: api, client: client).fill(report.waiting)
            return report
        }
    }

    /// Everything between the first POST and the last callback.
    private func play(
        _ ledger: LiveLedger, _ client: HTTPClient, _ display: ProgressDisplay,
        _ interruption: @escaping @Sendable () async -> Void
    ) async -> SimulationReport.Ending {
        await withTaskGroup(of: SimulationReport.Ending?.self) { group in
            group.addTask {
                await display.run { ledger.progress }
                return nil
            }
            group.addTask {
                await interruption()
                return .interrupted
            }
            group.addTask {
                let sender = RequestSender(
                    source: source, api: api, client: client, ledger: ledger, rate: rate, patience: timeout)
                await sender.run(concurrency: concurrency)
                return await end(of: ledger)
            }
            for await case .some(let ending) in group {
                group.cancelAll()
                return ending
            }
            return .interrupted
        }
    }

    /// Waits for the callbacks after the last POST.
    /// - Returns: `nil` when cancelled.
    private func end(of ledger: LiveLedger) async -> SimulationReport.Ending? {
        let postedAt = ContinuousClock.now
        return await withTaskGroup(of: SimulationReport.Ending?.self) { group in
            group.addTask {
                await ledger.settled()
                return Task.isCancelled ? nil : .complete
            }
            group.addTask {
                while true {
                    let deadline = max(postedAt, ledger.lastProgressAt) + timeout
                    if deadline <= .now { return .timeout }
                    guard (try? await Task.sleep(until: deadline, clock: .continuous)) != nil else { return nil }
                }
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    private func makeClient() -> HTTPClient {
        // The sender tries again by itself, and counts it.
        HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: .guarded(connections: concurrency, idleTimeout: .seconds(30)))
    }
}

/// How far a simulation is.
struct SimulationProgress: ShownProgress, Equatable {
    var requests: Int
    var sent = 0
    var accepted = 0
    var told = 0

    var bar: String { ProgressBar.bar(self) }
    var line: String { ProgressBar.line(self) }
}

/// A simulation's progress as one line of text.
enum ProgressBar {
    private static let width = 30

    /// A bar for a terminal, `[#####----]`: `#` for told, `+` for accepted and not told yet.
    static func bar(_ progress: SimulationProgress) -> String {
        let told = width * progress.told / max(1, progress.requests)
        let accepted = width * max(progress.accepted, progress.told) / max(1, progress.requests)
        let drawing =
            String(repeating: "#", count: told) + String(repeating: "+", count: accepted - told)
            + String(repeating: "-", count: width - accepted)
        return "[\(drawing)] \(line(progress))"
    }

    /// The same without the drawing.
    static func line(_ progress: SimulationProgress) -> String {
        "\(progress.accepted) of \(progress.requests) accepted, \(progress.told) told"
    }
}
