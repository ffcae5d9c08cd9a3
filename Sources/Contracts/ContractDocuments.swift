/// The documents that say to other languages what the types here say to Swift. They are part of the executables, so
/// that they are at hand in a container as well.
package enum ContractDocuments {
    /// AsyncAPI 3.0, in YAML; refers to the schemas by their file names.
    package static var asyncAPI: [UInt8] { PackageResources.asyncapi_yaml }

    /// JSON Schema 2020-12 of each event's data.
    package static func schema(_ type: EventType) -> [UInt8] {
        switch type {
        case .requestAccepted: PackageResources.request_accepted_v1_json
        case .requestGeocoded: PackageResources.request_geocoded_v1_json
        case .requestReviewRequested: PackageResources.request_review_requested_v1_json
        case .requestDecided: PackageResources.request_decided_v1_json
        case .requestStatusChanged: PackageResources.request_status_changed_v1_json
        case .callbackDelivered: PackageResources.callback_delivered_v1_json
        case .callbackAttempted: PackageResources.callback_attempted_v1_json
        case .callbackSuperseded: PackageResources.callback_superseded_v1_json
        case .endpointDegraded: PackageResources.callback_endpoint_degraded_v1_json
        case .endpointRecovered: PackageResources.callback_endpoint_recovered_v1_json
        case .stageRetrying: PackageResources.stage_retrying_v1_json
        case .stageReplayed: PackageResources.stage_replayed_v1_json
        case .stageDiscarded: PackageResources.stage_discarded_v1_json
        }
    }

    /// What the file of an event's schema is called.
    package static func fileName(_ type: EventType) -> String { "\(type.rawValue).v1.json" }
}
