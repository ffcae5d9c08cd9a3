import ArgumentParser
import ServiceRuntime

/// The `intake` command: what people do with a running Intake.
@main
struct Intake: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intake",
        abstract: "Look after a running Intake, or play a partner's part.",
        version: ProcessIdentity.version,
        subcommands: [
            Callbacks.self, CoverageCommand.self, Review.self, Dead.self, Audit.self, Erase.self, Token.self,
            CheckConfig.self, Simulate.self,
        ])
}
