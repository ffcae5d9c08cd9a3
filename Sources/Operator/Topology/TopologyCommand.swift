import ArgumentParser
import Configuration
import Contracts
import Foundation
import ServiceRuntime
import Terminal

/// `intake topology`
struct TopologyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topology", abstract: "What exists on the broker.",
        subcommands: [TopologyDefinitions.self, TopologyDeclare.self])
}

/// `intake topology definitions`: what a broker loads at its start, so that services need no right to declare it.
struct TopologyDefinitions: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "definitions",
        abstract: "Print RabbitMQ definitions: users and what they may do, exchanges, queues, bindings and policies.",
        discussion: """
            Without --passwords nobody can log in as any of the users, and the output is always the same. A broker \
            that loads the file (load_definitions) adds what it lacks, and changes users, permissions and policies to \
            what the file says.
            """)

    @Option(
        help: """
            A directory with a file for each account, whose first line is its password: \
            \(Account.allCases.map(\.passwordFile).joined(separator: ", ")).
            """, completion: .directory)
    var passwords: String?

    @Option(name: .shortAndLong, help: "(default: standard output)", completion: .file(extensions: ["json"]))
    var output: String?

    @Option(help: "What all names start with. (default: $INTAKE_TOPOLOGY_PREFIX, else intake)")
    var topologyPrefix: String?

    @Option(help: "Into how many queues stages are split, 1 to 64. (default: $INTAKE_SHARDS, else 1)")
    var shards: ShardCount?

    func run() throws {
        let text = Array(try definitions().text().utf8)
        guard let output else { return try FileHandle.standardOutput.write(contentsOf: Data(text)) }
        try WholeFile(path: output).write(text)
    }

    /// - Throws: `CommandError` that names what is wrong with the prefix or the passwords.
    func definitions() throws(CommandError) -> BrokerDefinitions {
        var settings = Settings(ConfigReader(provider: EnvironmentVariablesProvider()))
        let prefix = topologyPrefix ?? settings.string("topology.prefix", default: "intake")
        guard Topology.isPrefix(prefix) else {
            throw CommandError("the prefix '\(prefix)' is not made of a-z, 0-9 and - alone")
        }
        let topology = Topology(prefix: prefix, shards: try ShardCount.chosen(shards, &settings))
        guard let passwords else { return BrokerDefinitions(topology: topology) }
        return BrokerDefinitions(topology: topology, passwords: try AccountPasswords(directory: passwords))
    }
}
