import ArgumentParser

/// `intake coverage`: what is covered, and what another coverage would change.
struct CoverageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage", abstract: "Try a change of the coverage on past requests, and draw what is covered.",
        subcommands: [CoverageDiff.self, CoverageMapCommand.self])
}
