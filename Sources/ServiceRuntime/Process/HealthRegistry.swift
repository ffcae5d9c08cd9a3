import Synchronization

/// What a process says about itself: it lives as long as it answers; it is ready when every check that counts is well.
package final class HealthRegistry: Sendable {
    /// Returns `nil` when well, else one line that says what is wrong.
    package typealias Check = @Sendable () async -> String?

    struct Report: Sendable, Equatable {
        var isReady: Bool
        /// Check names and what is wrong, `ok` when nothing is; sorted by name.
        var lines: [(name: String, state: String)]

        static func == (left: Report, right: Report) -> Bool {
            left.isReady == right.isReady && left.lines.elementsEqual(right.lines, by: ==)
        }
    }

    private struct Entry {
        var check: Check
        var counts: Bool
    }

    private let entries = Mutex<[String: Entry]>([:])

    package init() {}

    /// - Parameter counts: whether the process is not ready while the check fails. One that does not count is reported
    ///   all the same.
    package func addReadinessCheck(_ name: String, counts: Bool = true, _ check: @escaping Check) {
        entries.withLock { $0[name] = Entry(check: check, counts: counts) }
    }

    /// Asks every check, which may write to a disk: for those that strangers may ask there is `SharedReport`.
    func report() async -> Report {
        var report = Report(isReady: true, lines: [])
        for (name, entry) in entries.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            let problem = await entry.check()
            if problem != nil, entry.counts { report.isReady = false }
            report.lines.append((name, problem ?? "ok"))
        }
        return report
    }
}

/// The report for whoever asks. It is made once a second at most, and once for all who ask in the meantime: checks
/// write to disks, and nobody needs a token to ask.
actor SharedReport {
    private static let lifetime = Duration.seconds(1)

    private let health: HealthRegistry
    private let now: @Sendable () -> ContinuousClock.Instant
    private var latest: (report: HealthRegistry.Report, at: ContinuousClock.Instant)?
    private var underWay: Task<HealthRegistry.Report, Never>?

    init(_ health: HealthRegistry, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.health = health
        self.now = now
    }

    func current() async -> HealthRegistry.Report {
        if let latest, now() < latest.at + Self.lifetime { return latest.report }
        if let underWay { return await underWay.value }
        // A task of its own: who asked first may go away, and others wait for the answer.
        let task = Task { [health] in await health.report() }
        underWay = task
        let report = await task.value
        underWay = nil
        latest = (report, now())
        return report
    }
}
