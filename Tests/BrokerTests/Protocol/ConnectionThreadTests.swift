import Glibc
import Synchronization
import Testing

@testable import Broker

@Suite("The thread of a connection", .timeLimit(.minutes(1)))
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

    /// A started thread whose turns do nothing.
    private func idleThread() throws -> ConnectionThread {
        let thread = try ConnectionThread()
        try thread.start { ConnectionThread.Rest() }
        return thread
    }

    @Test("runs all jobs on one thread, which knows itself")
    func oneThread() async throws {
        let thread = try idleThread()
        defer { thread.end() }
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

    @Test("work and jobs run in the order in which they came")
    func order() async throws {
        let thread = try idleThread()
        defer { thread.end() }
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

    @Test("takes a turn after each batch of jobs")
    func turns() async throws {
        let turns = Atomic<Int>(0)
        let thread = try ConnectionThread()
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        try thread.start {
            turns.add(1, ordering: .relaxed)
            continuation.yield()
            return ConnectionThread.Rest()
        }
        defer { thread.end() }
        _ = try await next("first turn", of: stream)
        let resident = Resident(thread)
        for _ in 0..<100 {
            let before = turns.load(ordering: .relaxed)
            await resident.note(0)
            // The job's turn comes after it: one more at the latest when the next job has run.
            await resident.note(0)
            #expect(turns.load(ordering: .relaxed) > before)
        }
    }

    @Test("a nudge during a turn brings another turn: the wake-up is not lost")
    func nudgeDuringTurn() async throws {
        let count = Atomic<Int>(0)
        let (turns, continuation) = AsyncStream.makeStream(of: Int.self)
        let thread = try ConnectionThread()
        try thread.start { [weak thread] in
            let number = count.add(1, ordering: .relaxed).newValue
            // As a handler on another thread would, once this turn has looked at everything.
            if number <= 100 { thread?.nudge() }
            continuation.yield(number)
            return ConnectionThread.Rest()
        }
        defer { thread.end() }
        let last = try await within(.seconds(20), "101 turns") { await turns.first { $0 == 101 } }
        #expect(last == 101)
    }

    @Test("no nudge from outside is lost, whenever it comes")
    func nudges() async throws {
        let asked = Atomic<Int>(0)
        let (seen, continuation) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
        let thread = try ConnectionThread()
        try thread.start {
            continuation.yield(asked.load(ordering: .sequentiallyConsistent))
            return ConnectionThread.Rest()
        }
        defer { thread.end() }
        try await within(.seconds(30), "a turn for each nudge") {
            var iterator = seen.makeAsyncIterator()
            for number in 1...20_000 {
                asked.store(number, ordering: .sequentiallyConsistent)
                thread.nudge()
                while let latest = await iterator.next(), latest < number {}
            }
        }
    }

    @Test("wakes up when its descriptor becomes readable, and when its time is up")
    func wakesUp() async throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        let (readEnd, writeEnd) = (ends[0], ends[1])
        defer {
            close(readEnd)
            close(writeEnd)
        }
        let isTimed = Atomic<Bool>(false)
        let (turns, continuation) = AsyncStream.makeStream(of: Void.self)
        let thread = try ConnectionThread()
        try thread.start {
            var waiting = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
            if poll(&waiting, 1, 0) > 0 {
                var byte: UInt8 = 0
                read(readEnd, &byte, 1)
            }
            continuation.yield()
            return ConnectionThread.Rest(
                descriptor: readEnd, timeout: isTimed.load(ordering: .relaxed) ? .milliseconds(1) : nil)
        }
        defer { thread.end() }
        _ = try await next("first turn", of: turns)
        var byte: UInt8 = 1
        #expect(write(writeEnd, &byte, 1) == 1)
        _ = try await next("a turn for the descriptor", of: turns)
        isTimed.store(true, ordering: .relaxed)
        thread.nudge()
        for _ in 0..<5 { _ = try await next("a turn for the time", of: turns) }
    }

    @Test("wakes up when its descriptor becomes writable, if it wants to write")
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
        try thread.start {
            continuation.yield()
            return ConnectionThread.Rest(descriptor: writeEnd, wantsToWrite: true)
        }
        defer { thread.end() }
        for _ in 0..<5 { _ = try await next("a turn", of: turns) }
    }

    @Test("ends when told to, after what is queued, and lets go of everything")
    func ends() async throws {
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
            try thread.start {
                _ = witness
                return ConnectionThread.Rest()
            }
            for _ in 0..<10 { thread.perform { ran.add(1, ordering: .relaxed) } }
            thread.end()
        }
        #expect(try await next("the thread's end", of: stream) == nil)
        #expect(ran.load(ordering: .relaxed) == 10)
    }

    @Test("a connection that is never run goes away with its thread")
    func unusedConnection() async throws {
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
