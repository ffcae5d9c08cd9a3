import ArgumentParser
import PartnerSimulator
import ServiceRuntime

/// The `intake` command: what people do with a running Intake.
@main
struct Intake: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intake",
        abstract: "Look after a running Intake, or play a partner's part.",
        version: ProcessIdentity.version,
        subcommands: [
            StatusCommand.self, RequestsCommand.self, Review.self, Dead.self, Callbacks.self, Audit.self, Erase.self,
            CoverageCommand.self, GazetteerCommand.self, StaffCommand.self, ProviderCommand.self, Token.self,
            SecretCommand.self, CheckConfig.self, StoreCommand.self, TopologyCommand.self, LogLevelCommand.self,
            ManualCommand.self,
            Simulate.self,
        ])
}
