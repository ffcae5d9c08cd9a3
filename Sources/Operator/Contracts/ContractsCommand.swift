import ArgumentParser

/// `intake contracts`
struct ContractsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contracts", abstract: "What the services promise each other.",
        subcommands: [ContractsCheck.self, ContractsDocs.self])
}
