import BrokerNode

/// The `intake` command, run to its end.
struct IntakeCommand: Sendable {
    var status: ExitStatus
    /// Both its outputs.
    var output: String

    /// - Parameter process: `intake` with its arguments.
    init(_ process: ChildProcess) async throws {
        status = try await process.end(within: .seconds(90))
        output = process.logTail(lines: .max)
    }
}
