import Configuration
import Foundation

extension ServiceProcess {
    /// Does what the executable is asked for in place of being the service.
    /// - Returns: when it is to be the service.
    static func handle<Configuration>(_ name: String, configure: (inout Settings) -> Configuration) async {
        let executable = "\(name)-service"
        guard let command = ServiceCommand(CommandLine.arguments.dropFirst()) else {
            say("\(executable): wrong arguments; \(ServiceCommand.usage(executable))")
            exit(ServiceCommand.badUsage)
        }
        switch command {
        case .run:
            return
        case .health:
            showHealth(name, await configReader(name))
        case .keys:
            print(keys(await configReader(name), name, configure).joined(separator: "\n"))
        case .version:
            print("\(executable) \(ProcessIdentity.version)")
        case .help:
            print(ServiceCommand.usage(executable))
            print("Without an argument the service runs; health asks the one that does; keys lists its variables.")
        }
        exit(0)
    }

    /// Every key that the service asks for.
    private static func keys<Configuration>(
        _ reader: ConfigReader, _ name: String, _ configure: (inout Settings) -> Configuration
    ) -> [String] {
        var settings = Settings(reader, isListing: true)
        // Read before there are settings, see `configReader`.
        _ = settings.optionalString("config.file-path")
        _ = ProcessSettings(&settings, name: name)
        _ = configure(&settings)
        return settings.keys
    }

    /// Exits with 0 when the process is ready, with 1 when it is not, or nobody answers.
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
            // At once, so that it stands before what is said of it.
            FileHandle.standardOutput.write(Data(answer.report.utf8))
            if !answer.isReady { say("intake \(name): not ready") }
            exit(answer.isReady ? 0 : 1)
        } catch {
            say("intake \(name): nobody says at \(question.place) whether it is ready: \(error.problem)")
            exit(1)
        }
    }

    /// Writes a line to standard error.
    static func say(_ line: String) {
        FileHandle.standardError.write(Data((OneLine.of(line) + "\n").utf8))
    }
}
