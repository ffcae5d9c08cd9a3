import Broker
import Contracts

/// A broker, and Intake's names on it.
struct BrokerTarget: Sendable {
    var connection: ConnectionConfiguration
    var topology: Topology
}
