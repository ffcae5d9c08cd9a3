import Foundation

/// Which process this is, for dead letters, logs and the User-Agent.
package struct ProcessIdentity: Sendable, Equatable {
    /// The service's name, e.g. `geocode`.
    package var name: String
    package var host: String
    /// The release of Intake; all services of one build share it.
    package var version: String

    package static let version = "0.1.0"

    package init(name: String) {
        self.name = name
        host = ProcessInfo.processInfo.hostName
        version = Self.version
    }
}
