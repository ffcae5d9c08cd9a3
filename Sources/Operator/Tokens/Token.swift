import ArgumentParser

/// `intake token`: what partners and staff show at the front door.
struct Token: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make tokens for partners.", subcommands: [TokenNew.self])
}
