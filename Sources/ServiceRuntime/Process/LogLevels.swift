import Contracts
import Logging
import ServiceLifecycle
import Synchronization

import struct Foundation.Date

/// From which level up a process logs: what is configured, until an operator says otherwise, for the whole or a part of
/// it, for good or for a time.
///
/// A part is a logger or a source, as a line of the log names them. What a part logs is filtered behind the logger,
/// which sees the lowest level that counts for anybody: reading that is one load of a word, in place of one of a byte.
final class LogLevels: Service {
    /// How many parts may have a level of their own.
    static let mostParts = 32
    static let longestTime = Duration.seconds(24 * 3600)

    struct Change: Sendable, Equatable {
        var level: Logger.Level
        /// When it ends; `nil` for with the process.
        var end: ContinuousClock.Instant?
        /// The same for people.
        var until: Date?
    }

    struct Changes: Sendable, Equatable {
        /// Of the process; `nil` for what is configured.
        var whole: Change?
        var parts: [String: Change] = [:]

        var ends: [ContinuousClock.Instant] { ([whole].compactMap { $0 } + parts.values).compactMap(\.end) }

        mutating func removeEnded(at now: ContinuousClock.Instant) {
            func hasEnded(_ change: Change) -> Bool { change.end.map { $0 <= now } ?? false }
            if let whole, hasEnded(whole) { self.whole = nil }
            parts = parts.filter { !hasEnded($0.value) }
        }
    }

    let configured: Logger.Level
    private let lowestLevel: Atomic<Int>
    private let hasParts = Atomic<Bool>(false)
    private let current = Mutex(Changes())
    private let (news, newsSource) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    init(_ configured: Logger.Level) {
        self.configured = configured
        lowestLevel = Atomic(configured.rank)
    }

    /// The lowest that counts for anybody.
    var lowest: Logger.Level { Logger.Level(rank: lowestLevel.load(ordering: .relaxed)) }

    var changes: Changes { current.withLock { $0 } }

    /// Whether a part of the process logs what is not below `lowest`.
    func takes(_ level: Logger.Level, logger: String, source: @autoclosure () -> String) -> Bool {
        guard hasParts.load(ordering: .relaxed) else { return true }
        return current.withLock { current in
            let part = current.parts[source()] ?? current.parts[logger]
            return level >= (part ?? current.whole)?.level ?? configured
        }
    }

    /// - Parameters:
    ///   - part: `nil` for the whole process.
    ///   - time: how long it counts; `nil` for as long as the process lives.
    /// - Returns: `false` when there are too many parts.
    func change(_ part: String?, to level: Logger.Level, for time: Duration?) -> Bool {
        let change = Change(
            level: level, end: time.map { ContinuousClock.now + $0 },
            until: time.map { Timestamp.truncate(Date()).shifted(by: $0) })
        let isTaken = current.withLock { current in
            guard let part else {
                current.whole = change
                return true
            }
            guard current.parts[part] != nil || current.parts.count < Self.mostParts else { return false }
            current.parts[part] = change
            return true
        }
        apply()
        newsSource.yield()
        return isTaken
    }

    /// As it is configured again, the whole of it.
    func reset() {
        current.withLock { $0 = Changes() }
        apply()
    }

    private func apply() {
        current.withLock { current in
            let levels = [current.whole?.level ?? configured] + current.parts.values.map(\.level)
            lowestLevel.store((levels.min() ?? configured).rank, ordering: .relaxed)
            hasParts.store(!current.parts.isEmpty, ordering: .relaxed)
        }
    }

    /// Ends changes when their time is over.
    func run() async throws {
        let logger = Logger(label: "intake.log")
        // The only error is the cancellation, which is how this ends.
        try? await cancelWhenGracefulShutdown {
            for await _ in self.news {
                while let end = self.changes.ends.min() {
                    // An earlier one may come meanwhile.
                    try await Task.sleep(until: min(end, .now + .seconds(1)), clock: .continuous)
                    let before = self.changes
                    self.current.withLock { $0.removeEnded(at: .now) }
                    guard self.changes != before else { continue }
                    self.apply()
                    logger.notice("A change of the log level has ended.", metadata: ["level": "\(self.lowest)"])
                }
            }
        }
    }
}

extension Logger.Level {
    /// From 0 for `trace`.
    fileprivate var rank: Int {
        switch self {
        case .trace: 0
        case .debug: 1
        case .info: 2
        case .notice: 3
        case .warning: 4
        case .error: 5
        case .critical: 6
        }
    }

    fileprivate init(rank: Int) {
        self =
            switch rank {
            case 0: .trace
            case 1: .debug
            case 2: .info
            case 3: .notice
            case 4: .warning
            case 5: .error
            default: .critical
            }
    }
}
