import Contracts
import ServiceRuntime

@testable import CallbackService
@testable import DecisionService
@testable import GeocodeService
@testable import IngestService

/// The services as readers: each reads a message as its stage's handler does.
enum Consumer: String, CaseIterable {
    case geocode = "geocode-service"
    case decision = "decision-service"
    case callback = "callback-service"
    case ingest = "ingest-service"

    /// What the service's handler gets of a message.
    /// - Throws: `ContractError` when the message would be dead.
    func read(_ message: EventMessage) throws(ContractError) -> any Equatable {
        let received = ReceivedMessage(
            message: message, exchange: Topology().events, routingKey: message.routingKey)
        return switch self {
        case .geocode: try GeocodeHandler.Input(received)
        case .decision: try DecisionHandler.Input(received)
        case .callback: try CallbackHandler.Input(received)
        case .ingest: try ProgressHandler.Input(received)
        }
    }

    private var stage: Stage {
        switch self {
        case .geocode: .geocode
        case .decision: .decision
        case .callback: .callback
        case .ingest: .progress
        }
    }

    /// Whether the broker gives it messages of a type.
    func takes(_ type: EventType) -> Bool {
        Topology.patterns(stage).contains { pattern in
            pattern == type.rawValue || pattern == "\(type.rawValue).#"
                || pattern.hasSuffix(".#") && type.rawValue.hasPrefix(pattern.dropLast(1))
                || pattern.hasSuffix(".*") && type.rawValue.hasPrefix(pattern.dropLast(1))
        }
    }
}
