import TestSupport

/// A command, run to its end: `intake`, or a service's executable with an argument.
struct IntakeCommand: Sendable {
    var status: ExitStatus
    /// Both its outputs.
    var output: String

    /// - Parameter process: the executable with its arguments.
    init(_ process: ChildProcess) async throws {
        status = try await process.end(within: .seconds(90))
        output = process.logTail(lines: .max)
    }
}
