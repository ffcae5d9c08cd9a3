import ArgumentParser

/// `intake topology`
struct TopologyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topology", abstract: "What exists on the broker.", subcommands: [TopologyDefinitions.self])
}
