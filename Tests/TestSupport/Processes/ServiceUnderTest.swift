import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1

/// One of the built executables, running as a process of its own.
package actor ServiceUnderTest {
    package nonisolated let name: String
    /// Where it shows health and metrics.
    package nonisolated let adminPort: Int
    private let environment: [String: String]
    private let logPath: String
    private var process: ChildProcess

    /// Starts a service; `awaitReady()` tells when it works.
    /// - Parameters:
    ///   - name: the product, e.g. `geocode-service`.
    ///   - environment: its configuration, without `INTAKE_ADMIN_PORT`.
    ///   - directory: where its log goes.
    /// - Throws: `SpawnFailure`, `PortFailure`.
    package init(_ name: String, environment: [String: String], directory: String) throws {
        self.name = name
        adminPort = try FreePorts.take(1)[0]
        self.environment = environment.merging(["INTAKE_ADMIN_PORT": "\(adminPort)"]) { given, _ in given }
        logPath = "\(directory)/\(name).log"
        process = try Self.launch(name, self.environment, logPath)
    }

    /// The process, for the end of its log in failures.
    package var childProcess: ChildProcess { process }

    /// Waits until it says that it is ready.
    /// - Throws: `DeadlinePassed`, at once when it has ended; with the end of its log.
    package func awaitReady(within limit: Duration = .seconds(60)) async throws {
        try await eventually("\(name) is ready", within: limit, processes: [process]) {
            try await self.get("health/ready").status == 200
        }
    }

    /// SIGKILL, and waits until it is gone.
    package func kill() async throws { try await process.kill() }

    /// Starts it again after its end, with the same configuration, and waits until it is ready.
    package func restart() async throws {
        process = try Self.launch(name, environment, logPath)
        try await awaitReady()
    }

    /// Starts it again after its end, with more in its environment, and does not wait: it may end before it is ready.
    package func relaunch(_ more: [String: String]) throws {
        process = try Self.launch(name, environment.merging(more) { _, new in new }, logPath)
    }

    /// SIGTERM, and waits until it is gone.
    package func terminate(within limit: Duration = .seconds(25)) async throws -> Termination {
        let clock = ContinuousClock()
        let begin = clock.now
        process.signal(SIGTERM)
        let status = try await process.end(within: limit)
        return Termination(status: status, took: clock.now - begin, logTail: process.logTail())
    }

    /// What became of a service that was told to stop.
    package struct Termination: Sendable {
        package var status: ExitStatus
        /// From the signal to the end.
        package var took: Duration
        package var logTail: String
    }

    /// Whether the process is gone.
    package var hasEnded: Bool { process.exitStatus != nil }

    /// Waits for an end that it finds itself.
    package func end(within limit: Duration = .seconds(30)) async throws -> ExitStatus {
        try await process.end(within: limit)
    }

    /// Everything that it has logged.
    package func log() -> String { process.logTail(lines: .max) }

    /// Asks its admin listener.
    /// - Parameter path: e.g. `metrics`.
    package func get(_ path: String) async throws -> (status: Int, body: String) {
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(adminPort)/\(path)")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(5))
        let body = try await response.body.collect(upTo: 16 * 1024 * 1024)
        return (Int(response.status.code), String(buffer: body))
    }

    private static func launch(_ name: String, _ environment: [String: String], _ logPath: String) throws
        -> ChildProcess
    {
        try ChildProcess(
            name: name, command: [Repository.executable(name)], environment: environment, logPath: logPath)
    }
}
