import Contracts
import Foundation
import Terminal

/// Has the services read their configuration as they do at their start, see `<service> check`.
struct ServiceChecks: Sendable {
    static let services = ["ingest", "geocode", "decision", "callback"]

    var executables: ServiceExecutables
    var environment: [String: String]

    /// Beside this command, then where PATH says.
    init(_ environment: [String: String]) {
        self.environment = environment
        executables = ServiceExecutables(environment)
    }

    /// - Returns: what is wrong, a line each, as the services say it.
    /// - Throws: `CommandError` when a service's executable is not there or cannot be run.
    func problems() throws(CommandError) -> [String] {
        var problems: [String] = []
        for service in Self.services { problems += try check(service) }
        return problems
    }

    private func check(_ service: String) throws(CommandError) -> [String] {
        let name = "\(service)-service"
        guard let path = executables.path(of: name) else {
            throw CommandError(
                "\(name) is neither beside intake nor on PATH, and it is what reads its file: give --names-only to "
                    + "compare the names alone")
        }
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = ["check"]
        process.environment = environment
        let output = Pipe()
        process.standardError = output
        process.standardOutput = FileHandle.nullDevice
        do { try process.run() } catch { throw CommandError("\(path) cannot be run: \(error)") }
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let lines = said.split(whereSeparator: \.isNewline).map(String.init)
        guard process.terminationStatus == 0 || !lines.isEmpty else {
            return ["\(name) ended with \(process.terminationStatus) and said nothing"]
        }
        return lines
    }
}
