import AdminAPI
import Broker
import Contracts
import DeadLetters
import Foundation

@testable import Operator

/// Dead letters with every part overridable.
enum DeadFixture {
    static let diedAt = Date(timeIntervalSince1970: 1_790_000_000)
    static let requestID = RequestID(UUID(uuid: (1, 2, 3, 4, 5, 6, 0x70, 8, 0x89, 10, 11, 12, 13, 14, 15, 16)))
    static let body = Array(#"{"provider":"portal"}"#.utf8)

    /// - Parameter byBroker: whether the broker gave it up, which leaves no header of Intake's.
    static func copy(
        id: UUID = UUID(uuid: (0, 1, 2, 3, 4, 5, 0x50, 7, 0x88, 9, 10, 11, 12, 13, 14, 15)), stage: Stage = .callback,
        byBroker: Bool = false, replays: Int = 0
    ) -> DeadCopy {
        var message = message(id: id, byBroker: byBroker)
        if replays > 0 { message.properties.headers[DeliveryHeader.replays(stage)] = .int(Int64(replays)) }
        return DeadCopy(message, stage: stage)
    }

    static func death(_ replays: Int = 0, after seconds: Double = 0) -> DeadLetterChoice.Death {
        DeadLetterChoice.Death(replays: replays, at: diedAt + seconds)
    }

    static func message(id: UUID, reason: String = "out-of-attempts", byBroker: Bool = false) -> Message {
        var properties = MessageProperties()
        properties.messageID = "kept"
        properties.contentType = "application/json"
        properties.expiration = "1000"
        properties.isPersistent = false
        properties.headers = [
            "cloudEvents:id": .string(id.canonical), "cloudEvents:subject": .string(requestID.description),
            "traceparent": .string("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            "x-death": .array([.table(["reason": .string("delivery_limit")])]), "x-delivery-count": .int(3),
            "intake-callback-attempts": .int(6),
        ]
        if !byBroker {
            properties.headers[DeliveryHeader.deadReason] = .string(reason)
            properties.headers[DeliveryHeader.lastFailedAt] = .string(Timestamp.string(diedAt))
        }
        return Message(properties: properties, body: body)
    }

    static func entry(
        id: UUID = UUID(), stage: Stage = .callback, diedAt: Date = diedAt, replays: Int? = nil, told: Bool = false
    ) -> DeadLetterEntry {
        DeadLetterEntry(
            stage: stage, messageId: AdminID(id), requestId: requestID, reason: "out-of-attempts",
            error: StageError(code: "http-503", message: "The partner answered 503."), attempts: 6,
            firstFailedAt: diedAt - 60, diedAt: diedAt, replays: replays, host: "host-1", version: "1.0", told: told)
    }

    static func job(_ status: String, _ stage: Stage?) -> JobView {
        JobView(
            id: requestID, status: status, stage: stage, location: "/api/jobs/\(requestID)",
            timeline: .init(acceptedAt: diedAt - 90))
    }
}
