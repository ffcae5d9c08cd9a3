import ArgumentParser
import Broker
import Configuration
import Contracts
import DeadLetters
import Foundation
import ServiceRuntime
import Terminal

/// How to reach the broker: the services' own keys, from the environment, the password's file included, and two flags
/// over them.
struct BrokerOptions: ParsableArguments {
    @Option(help: "The broker, as the services know it. (default: $INTAKE_BROKER_URL, else RabbitMQ on this machine)")
    var brokerUrl: String?

    @Option(help: "What the names of queues start with. (default: $INTAKE_TOPOLOGY_PREFIX, else intake)")
    var topologyPrefix: String?

    /// - Throws: `CommandError` that names everything that is wrong.
    func target(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandError) -> BrokerTarget {
        var flags: [AbsoluteConfigKey: ConfigValue] = [:]
        if let brokerUrl {
            flags[["intake", "broker", "url"]] = ConfigValue(.string(brokerUrl), isSecret: true)
            // Who types a password means this one, and not the environment's.
            if URLComponents(string: brokerUrl)?.password != nil {
                for key in ["password", "password-file"] {
                    flags[["intake", "broker", key]] = ConfigValue(.string(""), isSecret: true)
                }
            }
        }
        if let topologyPrefix {
            flags[["intake", "topology", "prefix"]] = ConfigValue(.string(topologyPrefix), isSecret: false)
        }
        var settings = Settings(
            ConfigReader(providers: [
                InMemoryProvider(values: flags), EnvironmentVariablesProvider(environmentVariables: environment),
            ]))
        let broker = BrokerSettings(&settings, name: "operator")
        let prefix = settings.string("topology.prefix", default: "intake")
        guard settings.problems.isEmpty else {
            throw CommandError(settings.problems.map(\.description).joined(separator: "; "))
        }
        var connection = broker.connection
        // A dead letter must come whole, or it cannot be given back whole.
        connection.maximumBodySize = 256 * 1024 * 1024
        connection.connectTimeout = .seconds(5)
        return BrokerTarget(connection: connection, topology: Topology(prefix: prefix))
    }
}
