import ArgumentParser
import Configuration
import Contracts
import DeadLetters
import Foundation
import ServiceRuntime
import Terminal

/// `intake topology declare`: what services do themselves where they may.
struct TopologyDeclare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "declare",
        abstract: "Declare exchanges, queues and bindings, and split stages into more shards.",
        discussion: """
            For a broker on which services may not declare; it takes a user who may, in --broker-url. What is there \
            stays. Shards may be added while everything runs: no message is lost or doubled. They are never taken \
            away: with fewer than there are, it is as if their number had been given.
            """)

    @Option(help: "Into how many queues stages are split, 1 to 64. (default: $INTAKE_SHARDS, else 1)")
    var shards: ShardCount?

    @Flag(help: "Print the number of shards as JSON.")
    var json = false

    @OptionGroup var broker: BrokerOptions

    private struct Told: Encodable { var shards: Int }

    func run() async throws {
        var settings = Settings(ConfigReader(provider: EnvironmentVariablesProvider()))
        let count = try ShardCount.chosen(shards, &settings)
        let target = try broker.target()
        let there = try await target.session { try await $0.declare(shards: count) }
        let lines = Stage.allCases.map { stage in
            let name = target.topology.queue(stage)
            guard Topology.canBeSharded(stage) else { return "\(name)  one queue, and one for each provider" }
            return "\(name)  \(there == 1 ? "one queue" : "\(there) shards")"
        }
        if json { return try Output.write(.json(Told(shards: there))) }
        try Output.write(.text(lines.map { $0 + "\n" }.joined()))
    }
}
