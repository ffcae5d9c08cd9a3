import Contracts
import Foundation
import ServiceRuntime

/// Something that people are told of: a copy of what the projection hears.
struct Alert: Sendable, Equatable {
    /// What it is about, in the words of the file's `on`.
    enum Kind: String, Sendable, CaseIterable {
        /// A partner's endpoint fails so often that it is left alone.
        case degraded
        /// It takes callbacks again.
        case recovered
        /// A stage has given a message up.
        case dead
        /// A review's deadline is near, and nobody has decided.
        case review
    }

    enum Content: Sendable, Equatable {
        case degraded(EndpointDegraded)
        case recovered(EndpointRecovered)
        case dead(Death)
        case review(RequestReviewRequested)
    }

    /// A message that a stage gave up.
    struct Death: Sendable, Equatable {
        var stage: Stage?
        var reason: DeadReason
        /// What the last attempt failed with; the reason again where the broker gave it up.
        var error: String
    }

    /// The fact's own id: the same on every attempt, and for every recipient.
    var id: UUID
    var requestID: RequestID?
    /// `nil` for a dead letter that does not say.
    var provider: String?
    /// `nil` for a dead letter that does not say, and for what processes of before version 1.1 of the event say.
    var organization: String?
    var at: Date
    var content: Content

    var kind: Kind {
        switch content {
        case .degraded: .degraded
        case .recovered: .recovered
        case .dead: .dead
        case .review: .review
        }
    }
}

/// A message of a recipient's queue.
enum AlertMessage: MessageInput, Equatable {
    case alert(Alert)
    /// Nothing that anybody is told of: the question of a review has just been asked.
    case nothing

    /// A dead letter has the headers of the event that it was: so it is looked for first.
    /// - Throws: `ContractError` for an event that is not what the contract says.
    init(_ received: ReceivedMessage) throws(ContractError) {
        if let letter = Self.deadLetter(received) {
            self = .alert(letter)
            return
        }
        let message = received.message
        switch message.type {
        case .endpointDegraded:
            let event = try Event<EndpointDegraded>(message)
            self = .alert(
                Alert(
                    id: event.id, requestID: event.requestID, provider: event.data.provider,
                    organization: event.data.organization, at: event.data.since,
                    content: .degraded(event.data)))
        case .endpointRecovered:
            let event = try Event<EndpointRecovered>(message)
            self = .alert(
                Alert(
                    id: event.id, requestID: event.requestID, provider: event.data.provider,
                    at: event.data.recoveredAt, content: .recovered(event.data)))
        case .requestReviewRequested:
            let event = try Event<RequestReviewRequested>(message)
            // DecisionService asks; IngestService asks again when the deadline is near.
            guard event.source == "/intake/ingest" else {
                self = .nothing
                return
            }
            self = .alert(
                Alert(
                    id: event.id, requestID: event.requestID, provider: event.data.request.provider,
                    organization: event.data.request.organization, at: event.time, content: .review(event.data)))
        default: self = .nothing
        }
    }

    private static func deadLetter(_ received: ReceivedMessage) -> Alert? {
        let headers = received.message.headers
        let ownReason = headers[DeliveryHeader.deadReason]?.string
        guard let reason = ownReason ?? received.deathReason else { return nil }
        let stage = headers[DeliveryHeader.stage]?.string.flatMap(Stage.init(rawValue:)) ?? consumer(received.message)
        let time = headers[DeliveryHeader.lastFailedAt]?.string.flatMap(Timestamp.date) ?? received.diedAt
        // What cannot be read may be dead for that very reason.
        let fields = try? EventFields(received.message.body)
        // Nor what stands in it, in the place of a text: then nobody is named.
        return Alert(
            id: DeadLetterID.of(received.message), requestID: received.requestID,
            provider: (try? fields?.stringIfPresent("provider")) ?? received.message.partitionKey,
            organization: try? fields?.stringIfPresent("organization"), at: time ?? Timestamp.truncate(Date()),
            content: .dead(
                Alert.Death(
                    stage: stage, reason: DeadReason(rawValue: reason),
                    error: headers[DeliveryHeader.errorCode]?.string ?? reason)))
    }

    /// The stage that takes events of a message's type: what is dead is the message that it should have worked on.
    private static func consumer(_ message: EventMessage) -> Stage? {
        message.type.flatMap { type in Stage.allCases.first { Topology.inputs($0).contains(type) } }
    }
}
