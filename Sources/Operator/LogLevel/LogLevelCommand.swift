import ArgumentParser
import Contracts
import Foundation
import Logging
import NIOHTTP1
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
    var service: LogService

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
                state = try await api.resetLogLevel()
            } else if let level {
                state = try await api.setLogLevel(level.level, part: part, for: time?.duration)
            } else {
                state = try await api.logLevel()
            }
            states.append(state)
            if !json { try Output.write(.text(text(state, at: api.base))) }
        }
        if json { try Output.write(.json(states)) }
    }

    func apis(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandError) -> [AdminAPI] {
        let token =
            if let adminToken { adminToken } else { try EnvironmentSecret.read("admin.token", from: environment) }
        let variable = environment["INTAKE_\(service.rawValue.uppercased())_ADMIN_URL"].flatMap {
            $0.isEmpty ? nil : $0
        }
        let example = "http://127.0.0.1:\(service.port)"
        var apis: [AdminAPI] = []
        for part in (adminUrl ?? variable ?? example).split(separator: ",", omittingEmptySubsequences: false) {
            let base = String(part.drop { $0 == " " })
            try AdminURL.check(base, option: "--admin-url", example: example)
            apis.append(AdminAPI(base: base, token: token, service: service.rawValue))
        }
        return apis
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

/// Whose log it is.
enum LogService: String, ExpressibleByArgument, CaseIterable {
    case ingest, geocode, decision, callback

    /// Where `deploy/up` puts its admin listener.
    var port: Int {
        switch self {
        case .ingest: 8081
        case .geocode: 8082
        case .decision: 8083
        case .callback: 8084
        }
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

/// From which level up a service logs, as the admin API says.
struct LogLevelState: Sendable, Equatable, Codable {
    struct Part: Sendable, Equatable, Codable {
        var part: String
        var level: String
        var until: Date?
    }

    var level: String
    var until: Date?
    var configured: String
    var parts: [Part]
}

extension AdminAPI {
    func logLevel() async throws(CommandError) -> LogLevelState {
        try Self.decode(try await send(.GET, "log-level"))
    }

    func resetLogLevel() async throws(CommandError) -> LogLevelState {
        try Self.decode(try await send(.DELETE, "log-level"))
    }

    func setLogLevel(
        _ level: Logger.Level, part: String?, for time: Duration?
    ) async throws(CommandError) -> LogLevelState {
        var body = JSONObjectText()
        body.add("level", level.rawValue)
        body.add("part", part)
        body.add("for", time.map(\.configured))
        guard let answer = try await sendIfThere(.PUT, "log-level", body: Data(body.bytes())) else {
            throw nothing(at: "log-level")
        }
        return try Self.decode(answer)
    }
}
