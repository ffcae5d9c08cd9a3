import Configuration
import Foundation

extension ServiceProcess {
    /// Does what the executable is asked for in place of being the service.
    /// - Returns: when it is to be the service.
    static func handle<Configuration>(
        _ name: String, _ others: [MaintenanceCommand], configure: (inout Settings) -> Configuration
    ) async {
        let executable = "\(name)-service"
        let arguments = CommandLine.arguments.dropFirst()
        if let other = others.first(where: { $0.name == arguments.first }) {
            exit(await other.run(executable, Array(arguments.dropFirst())))
        }
        guard let command = ServiceCommand(arguments) else {
            say("\(executable): wrong arguments")
            FileHandle.standardError.write(Data((ServiceCommand.usage(executable, others) + "\n").utf8))
            exit(ServiceCommand.badUsage)
        }
        switch command {
        case .run:
            return
        case .health:
            showHealth(name, sources(name).reader)
        case .check:
            check(name, configure)
        case .keys:
            print(keys(sources(name).reader, name, configure).map(\.line).joined(separator: "\n"))
        case .version:
            print("\(executable) \(ProcessIdentity.version)")
        case .help:
            print(ServiceCommand.help(executable, others))
        }
        exit(0)
    }

    /// Every key that the service asks for.
    private static func keys<Configuration>(
        _ reader: ConfigReader, _ name: String, _ configure: (inout Settings) -> Configuration
    ) -> [AskedKey] {
        var settings = Settings(reader, for: .listing)
        // Read before there are settings, see `configReader`.
        askForFile(&settings)
        _ = ProcessSettings(&settings, name: name)
        _ = configure(&settings)
        return settings.keys
    }

    /// Reads everything as the start does, and makes nothing. Exits with 0 when the service would start, else with 78
    /// and a line for each mistake.
    private static func check<Configuration>(_ name: String, _ configure: (inout Settings) -> Configuration) {
        let sources = sources(name)
        var settings = Settings(sources.reader)
        _ = ProcessSettings(&settings, name: name)
        _ = configure(&settings)
        let unknown = unknown(sources, settings)
        let problems = settings.problems.map(\.description) + unknown.problems
        for stranger in unknown.strangers { say("intake \(name): warning: \(stranger) \(strangersAre)") }
        guard problems.isEmpty else { refuse(name, problems) }
        for warning in settings.warnings { print("intake \(name): warning: \(warning)") }
        print("intake \(name): the configuration is good")
    }

    /// Exits with 0 when the process is ready, with 1 when it is not, or nobody answers, or another service does.
    private static func showHealth(_ name: String, _ reader: ConfigReader) -> Never {
        var settings = Settings(reader)
        let (host, port) = ProcessSettings.adminAddress(&settings)
        guard settings.problems.isEmpty else { refuse(name, settings.problems.map(\.description)) }
        guard port != 0 else {
            say(
                "intake \(name): \(Settings.variable("admin.port")) (admin.port): "
                    + "0 takes any free port, which nobody can ask"
            )
            exit(1)
        }
        let question = ReadinessQuestion(host: host, port: port)
        do throws(ReadinessQuestion.Failure) {
            let answer = try question.ask()
            if let other = answer.service, other != name {
                say("intake \(name): \(other) answers at \(question.place), not \(name)")
                exit(1)
            }
            // At once, so that it stands before what is said of it.
            FileHandle.standardOutput.write(Data(answer.report.utf8))
            if !answer.isReady { say("intake \(name): not ready") }
            exit(answer.isReady ? 0 : 1)
        } catch {
            say("intake \(name): nobody says at \(question.place) whether it is ready: \(error.problem)")
            exit(1)
        }
    }

    static func askForFile(_ settings: inout Settings) {
        _ = settings.optionalString(
            "config.file-path", meaning: "A YAML file with keys; the environment wins over it.")
    }

    static let strangersAre = "is no variable of Intake, and is ignored"

    static func unknown(_ sources: ConfigurationSources, _ settings: Settings) -> ConfigurationSources.Unknown {
        sources.unknown(asked: settings.keys, named: SecretSources.variablesNamed)
    }

    /// Writes a line to standard error.
    static func say(_ line: String) {
        FileHandle.standardError.write(Data((OneLine.of(line) + "\n").utf8))
    }
}
