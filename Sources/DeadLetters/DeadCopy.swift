package import Broker
package import Contracts
package import Foundation
import ServiceRuntime

/// A message as it lies in a dead queue.
package struct DeadCopy: Sendable, Equatable {
    package let stage: Stage
    private let message: Message
    private let event: EventMessage

    package init(_ message: Message, stage: Stage) {
        self.stage = stage
        self.message = message
        event = EventMessage(message)
    }

    /// See `DeadLetterID`.
    package var messageID: UUID { DeadLetterID.of(event) }
    /// The request that it is about, if it says so.
    package var requestID: RequestID? { event.requestID }
    /// Whose request it is about, if it says so. What cannot be read names nobody.
    package var provider: String? { partitionKey ?? (try? EventFields(event.body).stringIfPresent("provider")) }
    /// See `EventMessage.partitionKey`.
    package var partitionKey: String? { event.partitionKey }
    package var traceParent: String? { event.headers[EventMessage.Header.traceParent]?.string }

    /// Why it is dead.
    package var reason: String {
        event.headers[DeliveryHeader.deadReason]?.string ?? message.death?.reason ?? "rejected"
    }

    /// When its stage gave it up; `nil` when the broker did, which tells the second only.
    package var diedAt: Date? {
        guard event.headers[DeliveryHeader.deadReason] != nil else { return nil }
        return event.headers[DeliveryHeader.lastFailedAt]?.string.flatMap(Timestamp.date)
    }

    /// How often it had been given back to its stage before it died. The broker keeps this header, too.
    package var replays: Int { event.headers.replays(stage) }

    /// The message as its stage first got it: the same body, properties and headers, without the story of its failures
    /// and what the broker has noted on it.
    /// - Parameter replays: how often it has been given back then, see `DeliveryHeader.replays`.
    package func clean(replays: Int) -> Message {
        var copy = message
        copy.properties.headers.fields.removeAll { field in
            field.name.hasPrefix("intake-") || field.name.hasPrefix("x-")
        }
        copy.properties.headers[DeliveryHeader.replays(stage)] = .int(Int64(replays))
        // A wait in a retry queue is over.
        copy.properties.expiration = nil
        copy.properties.isPersistent = true
        return copy
    }
}
