import Contracts
import Logging
import PostgreSQL
import ServiceLifecycle
import Synchronization

/// Requests that are held open until something happens to a job. Nobody looks now and then: what records a fact wakes
/// them after its commit, in this process, and over a channel in the others on the same database.
///
/// As a service it listens to these, and lets all go when the process is to stop.
final class JobWaiters: Service {
    /// Where one request waits.
    struct Place: Sendable {
        fileprivate let job: RequestID
        /// Whose it is; `nil` for nobody's, which none but the whole is held against.
        fileprivate let caller: String?
        fileprivate let number: UInt64
        /// An element for each time that something happened, or several; ends when there is no more waiting.
        let signals: AsyncStream<Void>
        fileprivate let continuation: AsyncStream<Void>.Continuation

        /// Ends the waiting.
        func finish() { continuation.finish() }
    }

    private struct State {
        var places: [RequestID: [UInt64: AsyncStream<Void>.Continuation]] = [:]
        var count = 0
        var counts: [String: Int] = [:]
        var next: UInt64 = 0
        var isClosed = false
    }

    private let limit: Int
    private let limitPerCaller: Int
    /// `nil` where no other process can record anything.
    private let channel: PostgresChannel?
    private let logger: Logger
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: how many may wait at once; who comes then does not wait.
    ///   - limitPerCaller: how many of these one caller may hold, so that others find room; the same when it is `nil`.
    ///   - database: where other processes record facts, too.
    init(
        limit: Int, limitPerCaller: Int? = nil, database: PostgresAddress? = nil,
        logger: Logger = Logger(label: "intake.jobs")
    ) {
        self.limit = limit
        self.limitPerCaller = limitPerCaller ?? limit
        self.logger = logger
        channel = database.map { PostgresChannel($0, Self.channel) }
    }

    /// No wait is longer than what somebody may prefer.
    private static let channel = PostgresChannel.Configuration(
        name: "intake_jobs", lock: 7_235_418_122, interest: .seconds(WaitPreference.longest + 10))

    /// How many wait.
    var count: Int { state.withLock { $0.count } }

    /// - Returns: `nil` when nobody may wait any more. To be given back by `leave`.
    func enter(_ job: RequestID, by caller: String? = nil) -> Place? {
        // Before the job is read: what others record after that is told.
        channel?.want()
        // One signal that waits stands for all that came since.
        let (signals, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        return state.withLock { state in
            guard !state.isClosed, state.count < limit else { return nil }
            if let caller {
                guard state.counts[caller, default: 0] < limitPerCaller else { return nil }
                state.counts[caller, default: 0] += 1
            }
            state.next += 1
            state.count += 1
            state.places[job, default: [:]][state.next] = continuation
            return Place(job: job, caller: caller, number: state.next, signals: signals, continuation: continuation)
        }
    }

    func leave(_ place: Place) {
        let wasThere = state.withLock { state in
            guard state.places[place.job]?.removeValue(forKey: place.number) != nil else { return false }
            if state.places[place.job]?.isEmpty == true { state.places[place.job] = nil }
            state.count -= 1
            if let caller = place.caller, let count = state.counts[caller] {
                state.counts[caller] = count > 1 ? count - 1 : nil
            }
            return true
        }
        if wasThere { place.continuation.finish() }
    }

    /// Something happened to a job.
    func wake(_ job: RequestID) {
        channel?.tell(job.description)
        wakeHere(job)
    }

    /// Something happened that many jobs show.
    func wakeAll() {
        channel?.tell(nil)
        wakeAllHere()
    }

    private func wakeHere(_ job: RequestID) {
        let woken = state.withLock { state in state.count == 0 ? [] : state.places[job].map { Array($0.values) } ?? [] }
        for continuation in woken { continuation.yield() }
    }

    private func wakeAllHere() {
        let woken = state.withLock { state in state.places.values.flatMap(\.values) }
        for continuation in woken { continuation.yield() }
    }

    /// Lets all go; nobody waits from now on.
    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            return state.places.values.flatMap(\.values)
        }
        for continuation in waiting { continuation.finish() }
    }

    func run() async throws {
        channel?.listen { news in
            switch news {
            case .text(let text): if let job = RequestID(text) { self.wakeHere(job) }
            case .unknown: self.wakeAllHere()
            }
        } troubled: { problem in
            if let problem {
                self.logger.warning(
                    "What other processes record is not heard of: waits for jobs here may end later.",
                    metadata: ["error": "\(problem)"])
            } else {
                self.logger.notice("What other processes record is heard of again.")
            }
        }
        defer { channel?.close() }
        // The only error is the cancellation, and then there is no more waiting either.
        try? await gracefulShutdown()
        close()
    }
}
