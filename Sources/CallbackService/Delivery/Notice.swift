import Contracts
import ServiceRuntime

import struct Foundation.UUID

/// Something that a partner is to be told about a request: what was decided, or a further step of the organisation.
struct Notice: MessageInput, Equatable {
    /// The event's id: the same on every attempt.
    var eventID: UUID
    var requestID: RequestID
    var request: RequestReference
    var acceptance: Bool
    var reason: DecisionReason
    var rule: String?
    var precision: GeocodedLocation.Precision?
    var status: RequestStatus
    /// Which of the things that the partner is told about the request it is, from 1.
    var sequence: Int
    /// Whether the message has been in hand before, or waited in a retry queue: only then can something newer have
    /// overtaken the answer.
    var isBelated: Bool
    /// The trace that the event belongs to.
    var traceParent: String?
}

extension Notice {
    init(_ event: Event<RequestDecided>, isBelated: Bool = false) {
        let decision = event.data.decision
        self.init(
            eventID: event.id, requestID: event.requestID, request: event.data.request,
            acceptance: decision.acceptance, reason: decision.reason, rule: decision.rule,
            precision: decision.precision, status: .new, sequence: RequestDecided.sequence, isBelated: isBelated,
            traceParent: event.traceParent)
    }

    init(_ event: Event<RequestStatusChanged>, isBelated: Bool = false) {
        let news = event.data
        self.init(
            eventID: event.id, requestID: event.requestID, request: news.request, acceptance: news.acceptance,
            reason: news.reason, rule: news.rule, precision: news.precision, status: news.status,
            sequence: news.sequence, isBelated: isBelated, traceParent: event.traceParent)
    }

    /// - Throws: `ContractError` for an event of another type as well.
    init(_ received: ReceivedMessage) throws(ContractError) {
        let isBelated = Self.isBelated(received)
        if received.message.type == .requestStatusChanged {
            self.init(try Event<RequestStatusChanged>(received.message), isBelated: isBelated)
        } else {
            self.init(try Event<RequestDecided>(received.message), isBelated: isBelated)
        }
    }

    /// Fresh is only what came straight from its publisher: whatever happened to the message since has left a header.
    private static func isBelated(_ received: ReceivedMessage) -> Bool {
        received.message.headers.all.contains { header in
            header.name.hasPrefix("x-") && header.name != "x-delivery-count"
                || header.name.hasPrefix("intake-")
                || header.name == "x-delivery-count" && header.value.int != 0
        }
    }
}
