import AdminAPI
import ArgumentParser
import Contracts
import Foundation
import Logging
import ServiceRuntime
import Terminal

/// `intake log-level`
struct LogLevelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log-level",
        abstract: "See from which level up a service logs, and change it while it runs.",
        discussion: """
            A change counts until --for is over, or until the service starts again. --part changes a logger or a \
            source alone, as a line of the log names it in front of the message, such as Broker. --reset ends all \
            changes. Where the variable names several processes of a service, with commas, each is told.
            """)

    @Argument(help: "The service.")
    var service: AdminService

    @Argument(help: "The level; without one, what counts now is shown.")
    var level: LogLevelName?

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("How long it counts, e.g. 10m; 24h at most.", valueName: "time"))
    var time: TimeSpan?

    @Option(help: "Only this logger or source.")
    var part: String?

    @Flag(help: "As it is configured again, in all parts.")
    var reset = false

    @Option(
        help: """
            The service's admin listener. (default: $INTAKE_<SERVICE>_ADMIN_URL, else where deploy/up has it: 8081 to \
            8084)
            """)
    var adminUrl: String?

    @Option(help: "Its token. (default: $INTAKE_ADMIN_TOKEN, or the file that $INTAKE_ADMIN_TOKEN_FILE names)")
    var adminToken: String?

    @Flag(help: "Print what counts as JSON.")
    var json = false

    func validate() throws {
        if level == nil, time != nil || part != nil { throw ValidationError("--for and --part need a level.") }
        if level != nil, reset { throw ValidationError("--reset goes without a level.") }
        if let time, time.duration < .seconds(1) { throw ValidationError("--for must be a second or more.") }
    }

    func run() async throws {
        var states: [LogLevelState] = []
        for api in try apis() {
            let state: LogLevelState
            if reset {
                state = try await api.send(ResetLogLevel.call())
            } else if let level {
                let body = ChangeLogLevel.Body(
                    level: level.level.rawValue, part: part, time: time?.duration.configured)
                state = try await api.send(ChangeLogLevel.call(body: body))
            } else {
                state = try await api.send(ShowLogLevel.call())
            }
            states.append(state)
            if !json { try Output.write(.text(text(state, at: api.base))) }
        }
        if json { try Output.write(.json(states)) }
    }

    func apis(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandError) -> [ServiceAdmin] {
        try ServiceAdmin.all(service, at: adminUrl, token: adminToken, environment)
    }

    func text(_ state: LogLevelState, at place: String) -> String {
        func line(_ level: String, _ until: Date?) -> String {
            level + (until.map { ", until \(Timestamp.string($0))" } ?? "")
        }
        let configured = state.level == state.configured ? "" : " (\(state.configured) is configured)"
        var lines = ["\(service.rawValue) at \(place) logs from \(line(state.level, state.until))\(configured)"]
        lines += state.parts.map { "  \($0.part) from \(line($0.level, $0.until))" }
        return lines.map(PrintableText.of).joined(separator: "\n") + "\n"
    }
}

/// A level on a command line.
struct LogLevelName: ExpressibleByArgument {
    var level: Logger.Level

    init?(argument: String) {
        guard let level = Logger.Level(rawValue: argument) else { return nil }
        self.level = level
    }

    static let allValueStrings = Logger.Level.allCases.map(\.rawValue)
}
