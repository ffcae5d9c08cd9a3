import Contracts

/// The four services, by the names of their executables.
enum ServiceName: String, Sendable, CaseIterable {
    case ingest = "ingest-service"
    case geocode = "geocode-service"
    case decision = "decision-service"
    case callback = "callback-service"

    /// Its account with the broker.
    var account: Account {
        switch self {
        case .ingest: .ingest
        case .geocode: .geocode
        case .decision: .decision
        case .callback: .callback
        }
    }
}
