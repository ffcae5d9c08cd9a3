import CPostgres
import Contracts
import Foundation
import Glibc
import Synchronization

/// Short texts that processes on a database tell each other (LISTEN and NOTIFY), over a connection and a thread of its
/// own. What is told while nobody can be reached is forgotten: it is for news that others would find by themselves,
/// only later.
///
/// PostgreSQL passes them on one commit after the other, whoever makes it: so nothing is told from the transactions
/// that matter, nothing that was told within some milliseconds takes more than one of them, and none is made while no
/// other process waits for anything. Whoever does holds an advisory lock together with the others: who can get it alone
/// need not tell.
package final class PostgresChannel: Sendable {
    package struct Configuration: Sendable {
        /// The channel's, of letters and underscores.
        package var name: String
        /// Any number that means the lock.
        package var lock: Int64
        /// For how long after `want` others are to tell us something.
        package var interest: Duration
        /// From one commit to the next at least.
        package var pause = Duration.milliseconds(20)
        /// When it is looked whether a silent server is there.
        package var silence = Duration.seconds(10)

        package init(name: String, lock: Int64, interest: Duration) {
            self.name = name
            self.lock = lock
            self.interest = interest
        }
    }

    /// What one is told.
    package enum News: Sendable, Equatable {
        case text(String)
        /// Something, perhaps: there was more than fits, or it could not be heard for a moment.
        case unknown
    }

    private struct State {
        /// Each once.
        var told: Set<String> = []
        var hasTooMany = false
        var wantedAt: ContinuousClock.Instant?
        /// Whether others see that we want to be told.
        var isSeen = false
        var isClosed = false
    }

    /// More are told as `News.unknown`.
    private static let mostTold = 2000
    /// PostgreSQL's limit is 8,000 bytes.
    private static let mostBytes = 7900
    /// Stands for too many.
    private static let anything = "*"

    private let address: PostgresAddress
    private let configuration: Configuration
    private let state = Mutex(State())
    /// A pipe: what is written into it ends the thread's waiting. -1 where the process has no more
    /// descriptors; then it wakes up with the next look at the server.
    private let (bell, rope): (Int32, Int32)

    package init(_ address: PostgresAddress, _ configuration: Configuration) {
        self.address = address
        self.configuration = configuration
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) != 0 { ends = [-1, -1] }
        for end in ends where end >= 0 {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (bell, rope) = (ends[0], ends[1])
    }

    deinit { for end in [bell, rope] where end >= 0 { Glibc.close(end) } }

    /// Tells all other processes. Returns at once.
    /// - Parameter text: without commas; `nil` for something that cannot be said.
    package func tell(_ text: String?) {
        let rings = state.withLock { state in
            let isFirst = state.told.isEmpty && !state.hasTooMany
            if let text, state.told.count < Self.mostTold { state.told.insert(text) } else { state.hasTooMany = true }
            return isFirst
        }
        if rings { ring() }
    }

    /// Says that what others tell matters here from now on for as long as the configuration says. Returns at once; when
    /// it takes effect, the listener hears `News.unknown`, since something may have been told just before.
    package func want() {
        let rings = state.withLock { state in
            state.wantedAt = .now
            return !state.isSeen
        }
        if rings { ring() }
    }

    /// Starts the thread, which ends with `close`.
    /// - Parameters:
    ///   - heard: called on it. Must not wait.
    ///   - troubled: with what is wrong, once for each time that the server goes away; `nil` when it is there again.
    package func listen(
        heard: @escaping @Sendable (News) -> Void, troubled: @escaping @Sendable (String?) -> Void
    ) {
        Thread.detachNewThread { self.run(heard, troubled) }
    }

    package func close() {
        state.withLock { $0.isClosed = true }
        ring()
    }

    /// A bell that rings already needs no more.
    private func ring() { write(rope, [1], 1) }

    // MARK: The thread

    private static let limits = PostgresLimits(
        statement: .seconds(5), lock: .seconds(5), answer: .seconds(10), patience: .zero, resolution: .zero)

    private func run(_ heard: (News) -> Void, _ troubled: (String?) -> Void) {
        // News need not outlast the server.
        let connection = PostgresConnection(address, Self.limits, set: "SET synchronous_commit = off;")
        var isTroubled = false
        while !state.withLock({ $0.isClosed }) {
            do {
                _ = try connection.open()
                try transaction(connection) { _ = try connection.post("LISTEN \(configuration.name)") }
                if isTroubled { troubled(nil) }
                isTroubled = false
                heard(.unknown)
                try talk(over: connection, heard)
            } catch {
                if !isTroubled { troubled((error as? PostgresError)?.detail ?? "\(error)") }
                isTroubled = true
            }
            connection.close()
            state.withLock { $0.isSeen = false }
            if isTroubled { pause(.seconds(1)) }
        }
    }

    /// Until it is closed, or the connection lost.
    private func talk(over connection: PostgresConnection, _ heard: (News) -> Void) throws {
        var nextTelling = ContinuousClock.now
        var nextLook = ContinuousClock.now + configuration.silence
        while !state.withLock({ $0.isClosed }) {
            try showInterest(over: connection, heard)
            if ContinuousClock.now >= nextTelling, let texts = takeTold() {
                try tell(texts, over: connection)
                nextTelling = .now + configuration.pause
            }
            if ContinuousClock.now >= nextLook {
                try transaction(connection) { _ = try connection.post("SELECT 1") }
                nextLook = .now + configuration.silence
            }
            let hasMore = state.withLock { !$0.told.isEmpty || $0.hasTooMany }
            // What came with answers has been read already.
            for note in try connection.notes() where !note.isOwn { hear(note.text, heard) }
            try wait(for: connection, until: hasMore ? min(nextTelling, nextLook) : nextLook)
        }
    }

    private func transaction(_ connection: PostgresConnection, _ body: () throws -> Void) throws {
        try connection.begin("BEGIN")
        try body()
        try connection.commit()
    }

    /// Takes the lock when somebody here has begun to wait, and gives it back when nobody has for long.
    private func showInterest(over connection: PostgresConnection, _ heard: (News) -> Void) throws {
        let (wants, isSeen) = state.withLock { state in
            let wants = state.wantedAt.map { .now - $0 < configuration.interest } ?? false
            defer { if !wants { state.isSeen = false } }
            return (wants, state.isSeen)
        }
        guard wants != isSeen else { return }
        let function = wants ? "pg_advisory_lock_shared" : "pg_advisory_unlock_shared"
        try transaction(connection) { _ = try connection.post("SELECT \(function)(\(configuration.lock))") }
        guard wants else { return }
        state.withLock { $0.isSeen = true }
        heard(.unknown)
    }

    private func takeTold() -> [String]? {
        state.withLock { state in
            defer { (state.told, state.hasTooMany) = ([], false) }
            if state.hasTooMany { return [Self.anything] }
            return state.told.isEmpty ? nil : Self.packed(state.told)
        }
    }

    /// As few texts as hold all.
    static func packed(_ all: some Collection<String>) -> [String] {
        var texts: [String] = []
        for text in all {
            if let last = texts.last, last.utf8.count + text.utf8.count < mostBytes {
                texts[texts.count - 1] += ",\(text)"
            } else {
                texts.append(text.utf8.count <= mostBytes ? text : anything)
            }
        }
        return texts
    }

    private func tell(_ texts: [String], over connection: PostgresConnection) throws {
        try transaction(connection) {
            for text in texts {
                try connection.post(
                    """
                    SELECT pg_notify('\(configuration.name)', ?)
                    WHERE NOT pg_try_advisory_xact_lock(\(configuration.lock))
                    """, [.text(text)])
            }
        }
    }

    private func hear(_ text: String, _ heard: (News) -> Void) {
        for part in text.split(separator: ",") { heard(part == Self.anything ? .unknown : .text(String(part))) }
    }

    /// Waits for something that others tell, or that is to be told to them.
    private func wait(for connection: PostgresConnection, until deadline: ContinuousClock.Instant) throws {
        guard let socket = connection.socket else { throw PostgresError.lost(nil) }
        let left = max(0, ContinuousClock.now.duration(to: deadline) / .milliseconds(1))
        var descriptors = [
            pollfd(fd: socket, events: Int16(POLLIN), revents: 0), pollfd(fd: bell, events: Int16(POLLIN), revents: 0),
        ]
        // An interruption is as good as an end of the wait.
        poll(&descriptors, 2, Int32(clamping: Int(clamping: left.rounded(.up))))
        silenceBell()
    }

    private func pause(_ time: Duration) {
        let deadline = ContinuousClock.now + time
        while !state.withLock({ $0.isClosed }) {
            let left = ContinuousClock.now.duration(to: deadline).wholeMilliseconds
            guard left > 0 else { return }
            var descriptor = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
            poll(&descriptor, 1, Int32(clamping: left))
            silenceBell()
        }
    }

    private func silenceBell() {
        var rings: [UInt8] = Array(repeating: 0, count: 64)
        while read(bell, &rings, rings.count) == rings.count {}
    }
}
