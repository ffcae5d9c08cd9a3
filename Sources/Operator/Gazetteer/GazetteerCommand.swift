import ArgumentParser

/// `intake gazetteer`: where addresses are, without asking anybody.
struct GazetteerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gazetteer",
        abstract: "Make a table of addresses of your own, and try where an address is found.",
        subcommands: [GazetteerImport.self, GazetteerLookup.self, GazetteerLocate.self])
}
