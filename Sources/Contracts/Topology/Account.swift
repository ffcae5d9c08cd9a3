/// Who speaks with the broker: each under a user of its own, with no more rights than its work needs.
package enum Account: String, Sendable, CaseIterable {
    case ingest
    case geocode
    case decision
    case callback
    /// The `intake` command.
    case `operator`
    /// A person at the management UI.
    case monitor

    /// The events that it says. IngestService's are also those of other stages that it says again for a request that is
    /// nowhere, the decision of a review, and the question of one whose deadline is near.
    package var says: [EventType] {
        switch self {
        case .ingest:
            [.requestAccepted, .requestGeocoded, .requestReviewRequested, .requestDecided, .requestStatusChanged]
        case .geocode: [.requestGeocoded, .stageRetrying]
        case .decision: [.requestReviewRequested, .requestDecided, .stageRetrying]
        case .callback:
            [
                .callbackDelivered, .callbackAttempted, .callbackSuperseded, .endpointDegraded, .endpointRecovered,
                .stageRetrying,
            ]
        case .operator: [.stageReplayed, .stageDiscarded]
        case .monitor: []
        }
    }

    /// The stage that it works on.
    package var stage: Stage? {
        switch self {
        case .ingest: .progress
        case .geocode: .geocode
        case .decision: .decision
        case .callback: .callback
        case .operator, .monitor: nil
        }
    }

    /// RabbitMQ's tags: what it may see over the management UI.
    package var tags: [String] {
        switch self {
        case .ingest, .geocode, .decision, .callback, .operator: []
        case .monitor: ["monitoring"]
        }
    }

    /// The file of a directory of passwords that holds its own.
    package var passwordFile: String { "broker-\(rawValue)" }
}

extension Topology {
    /// An account's name with the broker.
    package func user(_ account: Account) -> String { "\(prefix)-\(account.rawValue)" }
}
