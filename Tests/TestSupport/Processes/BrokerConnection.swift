/// A client's connection, as the management API shows it.
package struct BrokerConnection: Decodable, Sendable {
    /// Both addresses; unique while it lasts.
    package var name: String
    /// `running`, `blocked`, …; absent until the first figures.
    package var state: String?
    /// What the client says about itself.
    package var clientProperties: Properties?

    package struct Properties: Decodable, Sendable {
        package var connectionName: String?

        enum CodingKeys: String, CodingKey {
            case connectionName = "connection_name"
        }
    }

    enum CodingKeys: String, CodingKey {
        case name, state
        case clientProperties = "client_properties"
    }
}
