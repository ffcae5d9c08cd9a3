import Foundation
import Glibc
import Synchronization

/// A process that the tests started. It never outlives them: its standard input is a pipe that only this process holds
/// the other end of, and `deploy/tethered` kills it when that is closed, however the test run ends.
package final class ChildProcess: Sendable {
    /// What it is called in failures.
    package let name: String
    package let processID: Int32
    /// Where its output goes. Appended to, so a restarted process goes on where the killed one stopped.
    package let logPath: String

    private let state: Mutex<State>

    private struct State {
        /// The pipe's end that keeps the process alive; -1 once closed.
        var tether: Int32
        var exitStatus: ExitStatus?
    }

    /// Starts a process.
    /// - Parameters:
    ///   - command: the executable's path, then its arguments.
    ///   - environment: added to this process's own, less what that has of `INTAKE_…`.
    ///   - tethered: whether it runs under `deploy/tethered`. What watches its own input runs without.
    /// - Throws: `SpawnFailure`.
    package init(
        name: String, command: [String], environment: [String: String] = [:], logPath: String, tethered: Bool = true
    ) throws {
        let arguments = (tethered ? [Repository.path("deploy/tethered")] : []) + command
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("INTAKE_") }
        let variables = inherited.merging(environment) { _, new in new }.map { "\($0.key)=\($0.value)" }

        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SpawnFailure(name: name, code: errno) }
        defer { close(ends[0]) }
        do { processID = try Self.spawn(name, arguments, variables, input: ends[0], logPath: logPath) } catch {
            close(ends[1])
            throw error
        }
        self.name = name
        self.logPath = logPath
        state = Mutex(State(tether: ends[1]))
        // Reaps it. A thread of its own, because waitid blocks.
        Thread.detachNewThread { [self] in reap() }
    }

    /// How it ended; `nil` while it runs.
    package var exitStatus: ExitStatus? { state.withLock { $0.exitStatus } }

    /// Sends a signal, unless the process has ended.
    package func signal(_ number: Int32) {
        // Under the lock, because reaping takes it too: until then the id cannot be another process's.
        state.withLock { state in
            if state.exitStatus == nil { _ = Glibc.kill(processID, number) }
        }
    }

    /// Waits for its end.
    /// - Throws: `DeadlinePassed`, with the end of its log.
    @discardableResult
    package func end(within limit: Duration) async throws -> ExitStatus {
        do {
            return try await eventually("\(name) ends", within: limit) { exitStatus }
        } catch var failure as DeadlinePassed {
            failure.details += "\n--- log of \(name) ends:\n\(logTail())"
            throw failure
        }
    }

    /// Kills it with SIGKILL and waits until it is gone.
    package func kill() async throws {
        signal(SIGKILL)
        try await end(within: .seconds(20))
    }

    /// The last lines of its log.
    package func logTail(lines: Int = 30) -> String {
        guard let data = FileManager.default.contents(atPath: logPath) else { return "(no log)" }
        let all = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        return all.suffix(lines).joined(separator: "\n")
    }

    private func reap() {
        var information = siginfo_t()
        // WNOWAIT leaves the zombie, and with it the process id, until the lock is held.
        while waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        state.withLock { state in
            var status: Int32 = 0
            while waitpid(processID, &status, 0) == -1, errno == EINTR {}
            state.exitStatus = ExitStatus(waitStatus: status)
            close(state.tether)
            state.tether = -1
        }
    }

    private static func spawn(
        _ name: String, _ arguments: [String], _ environment: [String], input: Int32, logPath: String
    ) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, logPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        // Nothing else: a socket that a test has closed stays open as long as a child has it, too. Those that are not
        // open are passed over. (Swift does not see posix_spawn_file_actions_addclosefrom_np.)
        for descriptor in (STDERR_FILENO + 1)..<4096 { posix_spawn_file_actions_addclose(&actions, descriptor) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A process group of its own: Ctrl-C in the terminal is for the test run. No signal blocked or ignored.
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let argv = arguments.map { strdup($0) } + [nil]
        let envp = environment.map { strdup($0) } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, arguments[0], &actions, &attributes, argv, envp)
        guard code == 0 else { throw SpawnFailure(name: name, code: code) }
        return child
    }
}

/// A process could not be started.
package struct SpawnFailure: Error, CustomStringConvertible {
    package var name: String
    /// An `errno`.
    package var code: Int32

    package var description: String { "cannot start \(name): \(String(cString: strerror(code)))" }
}
