import Contracts
import ServiceRuntime

import struct Foundation.UUID

/// What a message of the progress queue says. Indirect, so that a copy is one reference.
indirect enum ProgressFact: MessageInput, Equatable {
    case geocoded(Event<RequestGeocoded>)
    case reviewRequested(Event<RequestReviewRequested>)
    case decided(Event<RequestDecided>)
    case delivered(Event<CallbackDelivered>)
    case attempted(Event<CallbackAttempted>)
    case superseded(Event<CallbackSuperseded>)
    case degraded(Event<EndpointDegraded>)
    case recovered(Event<EndpointRecovered>)
    case retrying(Event<StageRetrying>)
    case replayed(Event<StageReplayed>)
    case discarded(Event<StageDiscarded>)
    /// A stage gave a message up.
    case dead(DeadLetter)
    /// An event of a type that this version does not know: nothing to show.
    case unknown

    /// A dead letter still has the headers of the event that it was: so it is looked for first.
    init(_ received: ReceivedMessage) throws(ContractError) {
        if let letter = DeadLetter(received) {
            self = .dead(letter)
            return
        }
        switch received.message.type {
        case .requestGeocoded: self = .geocoded(try Event(received.message))
        case .requestReviewRequested: self = .reviewRequested(try Event(received.message))
        case .requestDecided: self = .decided(try Event(received.message))
        case .callbackDelivered: self = .delivered(try Event(received.message))
        case .callbackAttempted: self = .attempted(try Event(received.message))
        case .callbackSuperseded: self = .superseded(try Event(received.message))
        case .endpointDegraded: self = .degraded(try Event(received.message))
        case .endpointRecovered: self = .recovered(try Event(received.message))
        case .stageRetrying: self = .retrying(try Event(received.message))
        case .stageReplayed: self = .replayed(try Event(received.message))
        case .stageDiscarded: self = .discarded(try Event(received.message))
        // This service's own: it knows already.
        case .requestAccepted, .requestStatusChanged: self = .unknown
        case nil:
            guard received.message.headers[EventMessage.Header.type]?.string != nil else {
                throw ContractError(code: .badAttribute, detail: EventMessage.Header.type)
            }
            self = .unknown
        }
    }
}

/// One fact, as the store records it. Indirect, so that a copy is one reference.
indirect enum ProgressUpdate: Sendable, Equatable {
    case geocoded(Recorded<Geocoding>)
    case reviewRequested(Recorded<ReviewQuestion>)
    case decided(Recorded<Decision>)
    case delivered(Receipt)
    /// Without an id when an earlier version said it.
    case retrying(Stage, messageID: UUID?, StageFailureRecord.Retry)
    case dead(DeadLetterRecord)
    /// An operator has done something about a dead letter.
    case resolved(Stage, messageID: UUID, DeadLetterResolution)
    /// Something that only the timeline shows.
    case noted(TimelineEntry)
    /// About the partner's endpoint and not about one request.
    case degraded(EndpointDegraded)
    case recovered(EndpointRecovered)
}

/// A fact and whom it is about, as the store records it.
struct ProgressRecord: Sendable, Equatable {
    var update: ProgressUpdate
    /// `nil` for a dead letter that names no request, which is kept all the same, and for what is about an endpoint.
    var id: RequestID?
}
