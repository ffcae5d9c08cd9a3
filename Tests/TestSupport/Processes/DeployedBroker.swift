package import Contracts
import Foundation

/// A private node of a test's own as people deploy one for services that may not declare: it has loaded what `intake
/// topology definitions` prints, and each account has a password of its own.
package struct DeployedBroker: Sendable {
    package let node: BrokerNode
    package let topology: Topology
    private let passwords: [Account: String]
    /// Where the passwords are, and the definitions.
    private let directory: String

    /// Makes the definitions with the built command, and starts a node that loads them.
    /// - Throws: `DefinitionsFailure`, and whatever `BrokerNode.start` does.
    package static func start(_ topology: Topology) async throws -> DeployedBroker {
        let directory = try TestDirectory.make("definitions")
        var passwords: [Account: String] = [:]
        for account in Account.allCases {
            let password = UUID().uuidString
            passwords[account] = password
            try "\(password)\n".write(
                toFile: "\(directory)/\(account.passwordFile)", atomically: true, encoding: .utf8)
        }
        let file = try await definitions(topology, directory)
        return DeployedBroker(
            node: try await .start(definitions: file), topology: topology, passwords: passwords, directory: directory)
    }

    /// Loads the definitions of more shards, as an operator would while everything runs.
    package func grow(to shards: Int) async throws {
        try await node.control("import_definitions", try await Self.definitions(topology.sharded(shards), directory))
    }

    private static func definitions(_ topology: Topology, _ directory: String) async throws -> String {
        let file = "\(directory)/definitions.json"
        let command = try ChildProcess(
            name: "intake",
            command: [
                Repository.executable("intake"), "topology", "definitions", "--passwords", directory, "--output", file,
                "--topology-prefix", topology.prefix, "--shards", "\(topology.shards)",
            ], logPath: "\(directory)/intake.log")
        guard try await command.end(within: .seconds(60)) == .exited(0) else {
            throw DefinitionsFailure(output: command.logTail())
        }
        return file
    }

    package func password(of account: Account) -> String { passwords[account] ?? "" }

    /// Where an account's AMQP client connects to.
    package func url(of account: Account) -> String {
        "amqp://\(topology.user(account)):\(password(of: account))@127.0.0.1:\(node.ports.amqp)/%2F"
    }
}

/// The command did not make the definitions.
package struct DefinitionsFailure: Error, CustomStringConvertible {
    package var output: String

    package var description: String { "intake topology definitions failed:\n\(output)" }
}
