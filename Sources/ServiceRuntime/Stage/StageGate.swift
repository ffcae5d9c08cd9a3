package import Contracts

/// What stands between a queue and the handler: says how many messages may be in hand and when one may go to work, and
/// learns what came of it. A stage's loop goes through its gates one after the other, see `OutageGate`.
package protocol StageGate: Sendable {
    /// How many messages may be in hand now.
    var limit: Int { get }
    /// While it is shut, nothing is taken from the queue but one message at a time, from `nextProbe` on.
    var isOpen: Bool { get }
    /// When the next message may be taken to probe; `nil` when it is open, or one is under way.
    var nextProbe: ContinuousClock.Instant? { get }
    /// Whether messages may go through it together, as they came.
    var takesBatches: Bool { get }

    /// Waits until what is in hand may go to work, or should wait elsewhere.
    /// - Throws: `CancellationError`.
    func enter() async throws -> GateAdmission

    /// Who was let in has not gone to work: another gate has sent it away.
    func withdrew(_ pass: any Sendable)

    /// The handler is done.
    /// - Returns: for each result, what there is to tell of it.
    func left(_ pass: any Sendable, _ results: [StageResult]) -> [(any EventData)?]
}

extension StageGate {
    package var limit: Int { .max }
    package var isOpen: Bool { true }
    package var nextProbe: ContinuousClock.Instant? { nil }
}

/// What messages in hand are to do.
package enum GateAdmission: Sendable {
    /// Go to work; to be given back by `left` or `withdrew`.
    case work(any Sendable)
    /// Wait elsewhere; no attempt is spent.
    case postpone(StageFailure)
}
