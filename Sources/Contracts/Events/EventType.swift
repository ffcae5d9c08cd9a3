/// The facts that services tell each other. The raw value is the CloudEvents `type` and how the AMQP routing key
/// starts, see `EventMessage.routingKey`.
///
/// A name is a past-tense fact and never changes its meaning: a breaking change of the data is a new type `<type>.v2`
/// that is published beside the old one.
package enum EventType: String, Sendable, CaseIterable, Codable {
    /// IngestService has the request on disk. Consumed by GeocodeService.
    case requestAccepted = "request.accepted"
    /// GeocodeService has looked for the place, and found it or not. Consumed by DecisionService and the projection.
    case requestGeocoded = "request.geocoded"
    /// DecisionService leaves the decision to a person. Consumed by the projection.
    case requestReviewRequested = "request.review-requested"
    /// It is known whether the organisation covers the place: by its rules, or by a review. Consumed by CallbackService
    /// and the projection.
    case requestDecided = "request.decided"
    /// The organisation has taken a further step with a request that it covers. Consumed by CallbackService.
    case requestStatusChanged = "request.status-changed"
    /// The partner has taken the answer. Consumed by the projection.
    case callbackDelivered = "callback.delivered"
    /// An attempt to tell the partner has failed. Consumed by the projection.
    case callbackAttempted = "callback.attempted"
    /// What the partner was to be told is out of date, and is not told any more. Consumed by the projection.
    case callbackSuperseded = "callback.superseded"
    /// A partner's endpoint fails so often that it is left alone but for probes. Consumed by the projection.
    case endpointDegraded = "callback.endpoint.degraded"
    /// A partner's endpoint takes callbacks again. Consumed by the projection.
    case endpointRecovered = "callback.endpoint.recovered"
    /// A stage failed for now and tries again later. Consumed by the projection.
    case stageRetrying = "stage.retrying"
    /// An operator has given a dead letter back to its stage. Consumed by the projection.
    case stageReplayed = "stage.replayed"
    /// An operator has thrown a dead letter away. Consumed by the projection.
    case stageDiscarded = "stage.discarded"
}

extension EventType {
    /// The fields of the type's data.
    package var fields: [FieldCoder.Listed] {
        switch self {
        case .requestAccepted: FieldCoder.list(RequestAccepted.self)
        case .requestGeocoded: FieldCoder.list(RequestGeocoded.self)
        case .requestReviewRequested: FieldCoder.list(RequestReviewRequested.self)
        case .requestDecided: FieldCoder.list(RequestDecided.self)
        case .requestStatusChanged: FieldCoder.list(RequestStatusChanged.self)
        case .callbackDelivered: FieldCoder.list(CallbackDelivered.self)
        case .callbackAttempted: FieldCoder.list(CallbackAttempted.self)
        case .callbackSuperseded: FieldCoder.list(CallbackSuperseded.self)
        case .endpointDegraded: FieldCoder.list(EndpointDegraded.self)
        case .endpointRecovered: FieldCoder.list(EndpointRecovered.self)
        case .stageRetrying: FieldCoder.list(StageRetrying.self)
        case .stageReplayed: FieldCoder.list(StageReplayed.self)
        case .stageDiscarded: FieldCoder.list(StageDiscarded.self)
        }
    }
}
