import Broker
import Contracts

/// A message on its way through a stage.
final class StageWork {
    let delivery: Delivery
    let received: ReceivedMessage
    /// Attempts of the stage that had failed before this one.
    let failedAttempts: Int
    var outcome = StageMetrics.Outcome.done
    /// What follows from it: all of it is to be confirmed before it is acknowledged.
    var publications: [Publication] = []
    /// It is to be rejected: the broker puts the original among the dead letters.
    var isForTheBroker = false
    var isSettled = false
    /// `nil` where nobody collects spans, or not of this trace.
    var span: RecordedSpan?

    /// - Parameter attempts: the header that counts the failed ones.
    init(_ delivery: Delivery, attempts: String) {
        self.delivery = delivery
        received = ReceivedMessage(delivery)
        failedAttempts = received.count(attempts)
    }
}
