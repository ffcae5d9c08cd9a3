import Glibc
import Synchronization
import Testing

@testable import Broker

/// The thread of a connection.
@Suite(.timeLimit(.minutes(1)))
struct ConnectionThreadTests {
    /// An actor that lives on such a thread.
    private actor Resident {
        nonisolated let thread: ConnectionThread
        private(set) var log: [Int] = []

        nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

        init(_ thread: ConnectionThread) { self.thread = thread }

        func note(_ number: Int) { log.append(number) }

        func threadID() -> UInt {
            thread.checkIsolated()
            return UInt(pthread_self())
        }
    }

    private final class Owner: Sendable {}
    private let owner = Owner()
    private var me: ObjectIdentifier { ObjectIdentifier(owner) }

    /// A started thread whose turns do nothing.
    private func idleThread() throws -> ConnectionThread {
        let thread = try ConnectionThread()
        try thread.attach(me) { _ in ConnectionThread.Rest() }
        return thread
    }

    /// Runs all jobs on one thread, which knows itself.
    @Test
    func runsAllJobsOnOneThread() async throws {
        let thread = try idleThread()
        defer { thread.detach(me) }
        let resident = Resident(thread)
        let first = await resident.threadID()
        let others = await withTaskGroup(of: UInt.self) { group in
            for _ in 0..<50 { group.addTask { await resident.threadID() } }
            return await group.reduce(into: Set<UInt>()) { $0.insert($1) }
        }
        #expect(others == [first])
        #expect(first != UInt(pthread_self()))
        #expect(!thread.isCurrent)
        #expect(thread.isIsolatingCurrentContext() == false)
    }

    @Test
    func workAndJobsRunInTheOrderInWhichTheyCame() async throws {
        let thread = try idleThread()
        defer { thread.detach(me) }
        let resident = Resident(thread)
        for number in 0..<1_000 {
            if number.isMultiple(of: 2) {
                thread.perform { resident.assumeIsolated { $0.note(number) } }
            } else {
                await resident.note(number)
            }
        }
        #expect(await resident.log == Array(0..<1_000))
    }

    @Test
    func takesATurnAfterTheJobs() async throws {
        let turns = Atomic<Int>(0)
        let thread = try ConnectionThread()
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        try thread.attach(me) { _ in
            turns.add(1, ordering: .relaxed)
            continuation.yield()
            return ConnectionThread.Rest()
        }
        defer { thread.detach(me) }
        _ = try await next("first turn", of: stream)
        let resident = Resident(thread)
        for _ in 0..<100 {
            let before = turns.load(ordering: .relaxed)
            await resident.note(0)
            while turns.load(ordering: .relaxed) == before { _ = try await next("a turn", of: stream) }
        }
    }

    /// A nudge during a turn brings another turn: the wake-up is not lost.
    @Test
    func aNudgeDuringATurnBringsAnotherTurn() async throws {
        let count = Atomic<Int>(0)
        let (turns, continuation) = AsyncStream.makeStream(of: Int.self)
        let thread = try ConnectionThread()
        try thread.attach(me) { [weak thread] _ in
            let number = count.add(1, ordering: .relaxed).newValue
            // As a handler on another thread would, once this turn has looked at everything.
            if number <= 100 { thread?.nudge() }
            continuation.yield(number)
            return ConnectionThread.Rest()
        }
        defer { thread.detach(me) }
        let last = try await within(.seconds(20), "101 turns") { await turns.first { $0 == 101 } }
        #expect(last == 101)
    }

    /// No nudge from outside is lost, whenever it comes.
    @Test
    func noNudgeFromOutsideIsLost() async throws {
        let asked = Atomic<Int>(0)
        let (seen, continuation) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
        let thread = try ConnectionThread()
        try thread.attach(me) { _ in
            continuation.yield(asked.load(ordering: .sequentiallyConsistent))
            return ConnectionThread.Rest()
        }
        defer { thread.detach(me) }
        try await within(.seconds(30), "a turn for each nudge") {
            var iterator = seen.makeAsyncIterator()
            for number in 1...20_000 {
                asked.store(number, ordering: .sequentiallyConsistent)
                thread.nudge()
                while let latest = await iterator.next(), latest < number {}
            }
        }
    }

    /// Wakes up when its descriptor becomes readable, and when its time is up.
    @Test
    func wakesUpWhenItsDescriptorBecomesReadable() async throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        let (readEnd, writeEnd) = (ends[0], ends[1])
        defer {
            close(readEnd)
            close(writeEnd)
        }
        let isTimed = Atomic<Bool>(false)
        let (turns, continuation) = AsyncStream.makeStream(of: Bool.self)
        let thread = try ConnectionThread()
        try thread.attach(me) { isReadable in
            if isReadable {
                var byte: UInt8 = 0
                read(readEnd, &byte, 1)
            }
            continuation.yield(isReadable)
            return ConnectionThread.Rest(
                descriptor: readEnd,
                until: isTimed.load(ordering: .relaxed) ? .now.advanced(by: .milliseconds(1)) : nil)
        }
        defer { thread.detach(me) }
        #expect(try await next("first turn", of: turns) == false)
        var byte: UInt8 = 1
        #expect(write(writeEnd, &byte, 1) == 1)
        let reading = try await within(.seconds(20), "a turn for the descriptor") { await turns.first { $0 } }
        #expect(reading == true)
        isTimed.store(true, ordering: .relaxed)
        thread.nudge()
        for _ in 0..<5 { #expect(try await next("a turn for the time", of: turns) == false) }
    }

    /// Two share it: each is told of its own descriptor, and one goes on when the other has gone.
    @Test
    func twoShareItEachIsToldOfItsOwnDescriptor() async throws {
        let pipes = try (0..<2).map { _ in
            var ends: [Int32] = [-1, -1]
            try #require(pipe(&ends) == 0)
            return (read: ends[0], write: ends[1])
        }
        defer {
            for ends in pipes {
                close(ends.read)
                close(ends.write)
            }
        }
        let thread = try ConnectionThread()
        let owners = [Owner(), Owner()]
        let (told, continuation) = AsyncStream.makeStream(of: Int.self)
        for (number, ends) in pipes.enumerated() {
            try thread.attach(ObjectIdentifier(owners[number])) { isReadable in
                if isReadable {
                    var byte: UInt8 = 0
                    read(ends.read, &byte, 1)
                    continuation.yield(number)
                }
                return ConnectionThread.Rest(descriptor: ends.read)
            }
        }
        var byte: UInt8 = 1
        for number in [1, 0, 0, 1] {
            #expect(write(pipes[number].write, &byte, 1) == 1)
            #expect(try await next("the turn of \(number)", of: told) == number)
        }
        thread.detach(ObjectIdentifier(owners[0]))
        #expect(write(pipes[0].write, &byte, 1) == 1)
        #expect(write(pipes[1].write, &byte, 1) == 1)
        #expect(try await next("the turn of who is left", of: told) == 1)
        thread.detach(ObjectIdentifier(owners[1]))
    }

    /// Tasks that prefer it run on it, before and after they wait for an actor or for one of their own.
    @Test
    func tasksThatPreferItRunOnIt() async throws {
        let thread = try idleThread()
        defer { thread.detach(me) }
        let resident = Resident(thread)
        await withTaskExecutorPreference(thread) {
            #expect(thread.isCurrent)
            await resident.note(1)
            #expect(thread.isCurrent)
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 { group.addTask { thread.isCurrent } }
                #expect(await group.allSatisfy { $0 })
            }
            #expect(thread.isCurrent)
        }
        #expect(!thread.isCurrent)
    }

    @Test
    func jobsThatFollowFromJobsWithoutEndDoNotKeepTheTurnsAway() async throws {
        let turns = Atomic<Int>(0)
        let isOver = Atomic<Bool>(false)
        let thread = try ConnectionThread()
        let (stream, continuation) = AsyncStream.makeStream(of: Int.self)
        try thread.attach(me) { _ in
            continuation.yield(turns.add(1, ordering: .relaxed).newValue)
            return ConnectionThread.Rest()
        }
        defer { thread.detach(me) }
        @Sendable func again() {
            if !isOver.load(ordering: .relaxed) { thread.perform { again() } }
        }
        again()
        let hundredth = try await within(.seconds(20), "a hundred turns") { await stream.first { $0 == 100 } }
        isOver.store(true, ordering: .relaxed)
        #expect(hundredth == 100)
    }

    @Test
    func wakesUpToWrite() async throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        let (readEnd, writeEnd) = (ends[0], ends[1])
        defer {
            close(readEnd)
            close(writeEnd)
        }
        let (turns, continuation) = AsyncStream.makeStream(of: Void.self)
        let thread = try ConnectionThread()
        try thread.attach(me) { _ in
            continuation.yield()
            return ConnectionThread.Rest(descriptor: writeEnd, wantsToWrite: true)
        }
        defer { thread.detach(me) }
        for _ in 0..<5 { _ = try await next("a turn", of: turns) }
    }

    /// Ends when told to, after what is queued, and lets go of everything.
    @Test
    func endsWhenToldTo() async throws {
        /// Tells when it is gone.
        final class Witness: Sendable {
            let gone: AsyncStream<Void>.Continuation
            init(_ gone: AsyncStream<Void>.Continuation) { self.gone = gone }
            deinit { gone.finish() }
        }
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        let ran = Atomic<Int>(0)
        do {
            let witness = Witness(continuation)
            let thread = try ConnectionThread()
            try thread.attach(me) { _ in
                _ = witness
                return ConnectionThread.Rest()
            }
            for _ in 0..<10 { thread.perform { ran.add(1, ordering: .relaxed) } }
            thread.detach(me)
        }
        #expect(try await next("the thread's end", of: stream) == nil)
        #expect(ran.load(ordering: .relaxed) == 10)
    }

    @Test
    func aConnectionThatIsNeverRunGoesAwayWithItsThread() async throws {
        weak var gone: ConnectionThread?
        do {
            let connection = try Connection(.unreachable(), logger: .test)
            gone = connection.thread
            #expect(connection.status.current == .connecting)
        }
        // The thread holds itself until it has ended.
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: .seconds(20))
        while gone != nil, clock.now < deadline { await Task.yield() }
        #expect(gone == nil)
    }
}
