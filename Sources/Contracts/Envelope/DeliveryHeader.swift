/// Names of the headers by which a stage's attempts and failures travel with a message.
package enum DeliveryHeader {
    /// Attempts of a stage that have failed so far, an integer; absent on the first. Each stage has its own, since the
    /// projection handles what another stage gave up.
    package static func attempts(_ stage: Stage) -> String { "intake-\(stage.rawValue)-attempts" }
    /// How often operators have given the message back to the stage, an integer; absent when never. Each time its
    /// attempts count afresh: what happened in which life of a message is told by this number, whatever the clocks say.
    package static func replays(_ stage: Stage) -> String { "intake-\(stage.rawValue)-replays" }
    /// Failed attempts to tell somebody of trouble, an integer: the message is a copy, and what else it says of
    /// attempts is the original's.
    package static let alertAttempts = "intake-alert-attempts"
    /// The stage that failed.
    package static let stage = "intake-stage"
    /// The last error's code.
    package static let errorCode = "intake-error-code"
    /// The last error in one sentence, without secrets or personal data.
    package static let errorMessage = "intake-error-message"
    /// When it failed first, a `Timestamp`.
    package static let firstFailedAt = "intake-first-failed-at"
    /// When it failed last, a `Timestamp`.
    package static let lastFailedAt = "intake-last-failed-at"
    /// Why it is dead, a `DeadReason`; on dead letters only.
    package static let deadReason = "intake-dead-reason"
    /// The host whose process gave it up; on dead letters only.
    package static let host = "intake-host"
    /// The version of the service that gave it up; on dead letters only.
    package static let version = "intake-version"
    /// How many headers were shortened or left out, since all of them together were too long; absent when none was.
    package static let shortenedHeaders = "intake-shortened-headers"
}

extension EventHeaders {
    /// See `DeliveryHeader.replays`: at most a million, whatever the header says.
    package func replays(_ stage: Stage) -> Int {
        Int(clamping: min(max(0, self[DeliveryHeader.replays(stage)]?.int ?? 0), 1_000_000))
    }
}

/// Why a message is dead. Open: the broker's own reasons (`delivery_limit`, `rejected`) come through as they are.
package struct DeadReason: RawRepresentable, Sendable, Hashable, Codable {
    package var rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// It failed as often as the stage's policy allows.
    package static let outOfAttempts = DeadReason(rawValue: "out-of-attempts")
    /// It can never succeed.
    package static let permanent = DeadReason(rawValue: "permanent")
    /// It is not what the contract says.
    package static let undecodable = DeadReason(rawValue: "undecodable")
    /// It was returned to its queue too often, as when it crashes whoever takes it.
    package static let deliveryLimit = DeadReason(rawValue: "delivery_limit")
}
