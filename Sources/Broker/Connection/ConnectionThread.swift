import Glibc
import Synchronization

/// The thread that connections live on: it runs the actors' jobs and, between them, looks after their sockets.
///
/// The C library may only be called from one thread. Since this thread is the actor's executor, the compiler proves
/// that nothing else touches it, and no lock is needed.
///
/// Several connections may share a thread, and so may the tasks that work with them, since it is a task executor, too:
/// what goes back and forth between a delivery, its handler and a publish then stays on one thread, and the waking of
/// others, which costs more than a small message does, falls away. Such tasks must not block.
///
/// The thread outlives its actors: it ends when the last of them has been deallocated, at which time no job for it can
/// exist. Who prefers it for a task holds one of them meanwhile.
package final class ConnectionThread: SerialExecutor, TaskExecutor {
    /// What it does for a connection between jobs.
    /// - Parameter isReadable: whether the descriptor of the last rest may have something to read.
    typealias Turn = @Sendable (_ isReadable: Bool) -> Rest

    /// What a connection waits for between two turns.
    struct Rest {
        /// Wakes the thread when it becomes readable; -1 for none.
        var descriptor: Int32 = -1
        /// Whether the descriptor wakes it when it becomes writable, too.
        var wantsToWrite = false
        /// When the next turn is due though nothing happens.
        var until: ContinuousClock.Instant?
        /// Whether there is more to do at once.
        var isToBeCalledAgain = false
    }

    private enum Job {
        case task(UnownedJob)
        case work(@Sendable () -> Void)
    }

    private struct State {
        var jobs: [Job] = []
        var turns: [(owner: ObjectIdentifier, take: Turn)] = []
        /// Counts the changes to `turns`.
        var changes = 0
        /// Whether there is a thread of the system behind it.
        var isRunning = false
        /// Somebody wants another turn, without a job.
        var isNudged = false
        /// Set while the thread sleeps and nobody has woken it yet: one wake-up for each batch of jobs.
        var sleeps = false
    }

    private let state = Mutex(State())
    /// A pipe that `poll` listens to: written to once for each batch of jobs.
    private let wakeUp: (read: Int32, write: Int32)
    private let identity = Atomic<UInt>(0)

    /// - Throws: `connectFailed` when the system has no descriptor left.
    package init() throws(BrokerError) {
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

    /// Adds a turn; the first one starts the thread.
    /// - Parameters:
    ///   - owner: whose turn it is; what `detach` takes.
    ///   - turn: called on the thread after the jobs that are there, and when a socket or the time asks for it.
    /// - Throws: `connectFailed` when the system has no thread left.
    func attach(_ owner: ObjectIdentifier, _ turn: @escaping Turn) throws(BrokerError) {
        let wasRunning = try state.withLock { state throws(BrokerError) in
            let wasRunning = state.isRunning
            // It begins with this lock.
            if !wasRunning { try SystemThread.detach { self.loop() } }
            state.isRunning = true
            state.turns.append((owner, turn))
            state.changes += 1
            return wasRunning
        }
        if wasRunning { nudge() }
    }

    /// Takes a turn away; without any the thread ends, after what is queued.
    func detach(_ owner: ObjectIdentifier) {
        wake { state in
            state.turns.removeAll { $0.owner == owner }
            state.changes += 1
        }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
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

    package func checkIsolated() { precondition(isCurrent, "not on the connection's thread") }

    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

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

    /// Jobs that follow from jobs run before the next turn, but not for ever.
    private static let batchesPerTurn = 16

    private func loop() {
        identity.store(UInt(pthread_self()), ordering: .relaxed)
        var jobs: [Job] = []
        var seats: [Seat] = []
        var changes = 0
        while true {
            for _ in 0..<Self.batchesPerTurn {
                run(&jobs)
                state.withLock { state in
                    swap(&jobs, &state.jobs)
                    if changes != state.changes {
                        seats = state.turns.map { Seat(turn: $0.take) }
                        changes = state.changes
                    }
                }
                if jobs.isEmpty { break }
            }
            for index in seats.indices { seats[index].rest = seats[index].turn(seats[index].isReadable) }
            let (sleeps, goesOn) = state.withLock { state in
                if jobs.isEmpty { swap(&jobs, &state.jobs) }
                state.sleeps = jobs.isEmpty && changes == state.changes && !state.isNudged
                state.isNudged = false
                state.isRunning = !state.turns.isEmpty || !jobs.isEmpty
                return (state.sleeps, state.isRunning)
            }
            guard goesOn else { break }
            wait(&seats, sleeps: sleeps)
            if sleeps { state.withLock { $0.sleeps = false } }
        }
    }

    private func run(_ jobs: inout [Job]) {
        for job in jobs {
            switch job {
            case .task(let task):
                task.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
            case .work(let work): work()
            }
        }
        jobs.removeAll(keepingCapacity: true)
    }

    /// A connection at this thread's table.
    private struct Seat {
        let turn: Turn
        /// What it waits for.
        var rest = Rest()
        var isReadable = false
    }

    /// Looks which descriptors have something for their connections, and sleeps until one has, if nothing else is to be
    /// done.
    private func wait(_ seats: inout [Seat], sleeps: Bool) {
        var descriptors = [pollfd(fd: wakeUp.read, events: Int16(POLLIN), revents: 0)]
        var until: ContinuousClock.Instant?
        var sleeps = sleeps
        for seat in seats {
            let events = seat.rest.wantsToWrite ? POLLIN | POLLOUT : POLLIN
            // One that is negative is passed over (poll(2)).
            descriptors.append(pollfd(fd: seat.rest.descriptor, events: Int16(events), revents: 0))
            if let next = seat.rest.until { until = min(next, until ?? next) }
            if seat.rest.isToBeCalledAgain { sleeps = false }
        }
        let count = poll(&descriptors, nfds_t(descriptors.count), sleeps ? Self.milliseconds(until: until) : 0)
        for index in seats.indices {
            seats[index].isReadable = seats[index].rest.isToBeCalledAgain || descriptors[index + 1].revents != 0
        }
        if count > 0, descriptors[0].revents != 0 {
            var byte: UInt8 = 0
            read(wakeUp.read, &byte, 1)
        }
    }

    /// Rounded up, or the thread would spin through the last millisecond before a deadline; -1 is for ever (poll(2)).
    private static func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let milliseconds = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
        return Int32(clamping: Int64(max(0, milliseconds.rounded(.up))))
    }
}
