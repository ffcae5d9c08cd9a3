import Contracts
import ServiceRuntime

import struct Foundation.Date

/// A message that a stage gave up, as the progress queue gets its copy: put there by the stage itself with Intake's
/// headers, or by the broker, which only adds its own.
struct DeadLetter: Sendable, Equatable {
    /// Whose message it was; `nil` when neither the routing nor the message tells.
    var stage: Stage?
    /// The request that it was about; `nil` when it cannot be read.
    var requestID: RequestID?
    var reason: DeadReason
    var error: StageError
    /// When the stage gave up; `nil` when the message does not say.
    var failedAt: Date?
    /// The message as it came.
    private var original: EventMessage

    /// - Returns: `nil` when the message is not a dead letter.
    init?(_ received: ReceivedMessage) {
        original = received.message
        let headers = received.message.headers
        let ownReason = headers[DeliveryHeader.deadReason]?.string
        let isFromDeadExchange = received.exchange.hasSuffix(Self.deadSuffix)
        // After a wait in a retry queue the exchange is empty, and only the headers tell.
        guard isFromDeadExchange || ownReason != nil || (received.exchange.isEmpty && received.deathReason != nil)
        else {
            return nil
        }
        stage = isFromDeadExchange ? Stage(rawValue: received.routingKey) : nil
        stage = stage ?? Self.consumer(of: received.message.type) ?? Self.named(headers)
        requestID = received.requestID
        reason = DeadReason(rawValue: ownReason ?? received.deathReason ?? "rejected")
        if ownReason == nil {
            error = StageError(code: reason.rawValue, message: "gave up after too many redeliveries")
            failedAt = received.diedAt
        } else if headers[DeliveryHeader.stage]?.string == Stage.progress.rawValue {
            // It has waited in this stage's own retry queue: error and time are this stage's since then.
            error = StageError(code: reason.rawValue, message: "gave up")
        } else {
            error = StageError(
                code: headers[DeliveryHeader.errorCode]?.string ?? reason.rawValue,
                message: headers[DeliveryHeader.errorMessage]?.string ?? "gave up")
            failedAt = headers[DeliveryHeader.lastFailedAt]?.string.flatMap(Timestamp.date)
        }
    }

    /// What the projection keeps of it; `nil` when no stage is known to whose dead letters it would belong.
    /// - Parameter now: when it was seen here, for a letter that does not say when it died.
    func message(seenAt now: Date) -> DeadLetterRecord? {
        guard let stage else { return nil }
        let headers = original.headers
        var message = DeadLetterRecord(
            stage: stage, messageID: DeadLetterID.of(original), requestID: requestID,
            deadLettering: StageFailureRecord.DeadLettering(
                at: failedAt ?? Timestamp.truncate(now), reason: reason, error: error, sequence: sequence,
                replays: headers.replays(stage)),
            attempts: Int(clamping: max(0, headers[DeliveryHeader.attempts(stage)]?.int ?? 0)),
            firstFailedAt: headers[DeliveryHeader.firstFailedAt]?.string.flatMap(Timestamp.date),
            host: headers[DeliveryHeader.host]?.string, version: headers[DeliveryHeader.version]?.string)
        message.keep(headers, original.body)
        return message
    }

    /// Which of the things that the partner is told the letter was to say; `nil` for the answer and for other stages.
    private var sequence: Int? {
        guard original.type == .requestStatusChanged else { return nil }
        // What cannot be read says nothing; it is dead for that very reason.
        return try? EventFields(original.body).int("sequence")
    }

    /// How every topology's dead exchange ends, whatever its prefix.
    private static let deadSuffix = Topology(prefix: "").dead

    /// The stage that takes an event type: what is dead is the message that a stage should have worked on.
    private static func consumer(of type: EventType?) -> Stage? {
        guard let type else { return nil }
        return Stage.allCases.first { Topology.inputs($0).contains(type) }
    }

    /// The stage that the headers name, unless it is this one: a wait in its own retry queue names it, too.
    private static func named(_ headers: EventHeaders) -> Stage? {
        headers[DeliveryHeader.stage]?.string.flatMap(Stage.init(rawValue:)).flatMap { $0 == .progress ? nil : $0 }
    }
}
