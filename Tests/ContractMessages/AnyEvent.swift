package import Contracts

/// Reads messages of whatever type.
package enum AnyEvent {
    /// - Returns: the event.
    /// - Throws: `ContractError` when the message is not what its type's contract says.
    @discardableResult
    package static func read(_ message: EventMessage) throws(ContractError) -> any Sendable & Equatable {
        guard let type = message.type else { throw ContractError(code: .unexpectedType, detail: "unknown type") }
        return switch type {
        case .requestAccepted: try Event<RequestAccepted>(message)
        case .requestGeocoded: try Event<RequestGeocoded>(message)
        case .requestReviewRequested: try Event<RequestReviewRequested>(message)
        case .requestDecided: try Event<RequestDecided>(message)
        case .requestStatusChanged: try Event<RequestStatusChanged>(message)
        case .callbackDelivered: try Event<CallbackDelivered>(message)
        case .callbackAttempted: try Event<CallbackAttempted>(message)
        case .callbackSuperseded: try Event<CallbackSuperseded>(message)
        case .endpointDegraded: try Event<EndpointDegraded>(message)
        case .endpointRecovered: try Event<EndpointRecovered>(message)
        case .stageRetrying: try Event<StageRetrying>(message)
        case .stageReplayed: try Event<StageReplayed>(message)
        case .stageDiscarded: try Event<StageDiscarded>(message)
        }
    }
}
