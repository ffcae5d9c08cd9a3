import Glibc
import Synchronization

/// The thread that a `Connection` lives on: it runs the actor's jobs and, between them, looks after the socket.
///
/// The C library may only be called from one thread. Since this thread is the actor's executor, the compiler proves that
/// nothing else touches it, and no lock is needed.
///
/// The thread outlives its actor: it ends when the actor has been deallocated, at which time no job for it can exist.
final class ConnectionThread: SerialExecutor {
    /// What the thread does when it has run all jobs.
    struct Rest {
        /// Wakes the thread when it becomes readable; -1 for none.
        var descriptor: Int32 = -1
        /// Whether the descriptor wakes it when it becomes writable, too.
        var wantsToWrite = false
        /// How long to sleep at most; zero when there is more to do at once, `nil` for as long as nothing happens.
        var timeout: Duration?
    }

    private enum Job {
        case task(UnownedJob)
        case work(@Sendable () -> Void)
    }

    private struct State {
        var jobs: [Job] = []
        /// Somebody wants another turn, without a job.
        var isNudged = false
        /// Set while the thread sleeps and nobody has woken it yet: one wake-up for each batch of jobs.
        var sleeps = false
        var ends = false
    }

    private let state = Mutex(State())
    /// A pipe that `poll` listens to: written to once for each batch of jobs.
    private let wakeUp: (read: Int32, write: Int32)
    private let identity = Atomic<UInt>(0)

    /// - Throws: `connectFailed` when the system has no descriptor left.
    init() throws(BrokerError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw BrokerError(.connectFailed, "pipe: \(String(cString: strerror(errno)))")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        wakeUp = (ends[0], ends[1])
    }

    deinit {
        close(wakeUp.read)
        close(wakeUp.write)
    }

    /// - Parameter turn: called on the thread after each batch of jobs, and when the socket or the time asks for it.
    /// - Throws: `connectFailed` when the system has no thread left.
    func start(turn: @escaping @Sendable () -> Rest) throws(BrokerError) {
        try SystemThread.detach { self.loop(turn) }
    }

    /// Ends the thread after what is queued. Only for the actor's `deinit`.
    func end() { wake { $0.ends = true } }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        wake { $0.jobs.append(.task(job)) }
    }

    /// Runs work on the thread, in turn with the actor's jobs. For callers that cannot wait: cancellation handlers.
    func perform(_ work: @escaping @Sendable () -> Void) {
        wake { $0.jobs.append(.work(work)) }
    }

    /// Makes the thread take a turn that begins after this call.
    func nudge() { wake { $0.isNudged = true } }

    var isCurrent: Bool { identity.load(ordering: .relaxed) == UInt(pthread_self()) }

    func checkIsolated() { precondition(isCurrent, "not on the connection's thread") }

    func isIsolatingCurrentContext() -> Bool? { isCurrent }

    private func wake(_ change: (inout State) -> Void) {
        let sleeps = state.withLock { state in
            change(&state)
            defer { state.sleeps = false }
            return state.sleeps
        }
        if sleeps {
            var byte: UInt8 = 1
            write(wakeUp.write, &byte, 1)
        }
    }

    private func loop(_ turn: @Sendable () -> Rest) {
        identity.store(UInt(pthread_self()), ordering: .relaxed)
        var jobs: [Job] = []
        var ends = false
        while !ends || !jobs.isEmpty {
            for job in jobs {
                switch job {
                case .task(let task): task.runSynchronously(on: asUnownedSerialExecutor())
                case .work(let work): work()
                }
            }
            jobs.removeAll(keepingCapacity: true)
            let rest = turn()
            let sleeps = state.withLock { state in
                swap(&jobs, &state.jobs)
                ends = state.ends
                state.sleeps = jobs.isEmpty && !ends && !state.isNudged
                state.isNudged = false
                return state.sleeps
            }
            if sleeps {
                sleep(rest)
                state.withLock { $0.sleeps = false }
            }
        }
    }

    private func sleep(_ rest: Rest) {
        let events = rest.wantsToWrite ? POLLIN | POLLOUT : POLLIN
        var descriptors = [
            pollfd(fd: wakeUp.read, events: Int16(POLLIN), revents: 0),
            pollfd(fd: rest.descriptor, events: Int16(events), revents: 0),
        ]
        // Rounded up, or the thread would spin through the last millisecond before a deadline.
        let milliseconds = rest.timeout.map { Int32(clamping: Int64(($0 / .milliseconds(1)).rounded(.up))) } ?? -1
        let count = poll(&descriptors, rest.descriptor < 0 ? 1 : 2, milliseconds)
        if count > 0, descriptors[0].revents != 0 {
            var byte: UInt8 = 0
            read(wakeUp.read, &byte, 1)
        }
    }
}
