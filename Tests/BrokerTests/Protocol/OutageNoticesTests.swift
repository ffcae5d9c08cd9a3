import Testing

@testable import Broker

/// Which failures to connect are told.
@Suite
struct OutageNoticesTests {
    private let start = ContinuousClock.now
    private let away = BrokerError(.connectFailed, "mq1:5672: connection refused")
    private let refused = BrokerError(.accessRefused, "mq2:5672, user app: no")

    @Test
    func theSameFailureOnceAMinute() {
        var notices = OutageNotices()
        let told = (0..<130).filter { notices.isDue(away, at: start + .seconds($0)) }
        #expect(told == [0, 60, 120])
    }

    /// Two nodes, each with a failure of its own, are told one by one.
    @Test
    func twoNodesEachWithAFailureOfItsOwn() {
        var notices = OutageNotices()
        let told = (0..<50).filter { notices.isDue($0.isMultiple(of: 2) ? away : refused, at: start + .seconds($0)) }
        #expect(told == [0, 1])
    }

    /// Once the connection stood, the same failure is news.
    @Test
    func onceTheConnectionStood() {
        var notices = OutageNotices()
        let first = notices.isDue(away, at: start)
        notices.reset()
        let second = notices.isDue(away, at: start + .seconds(1))
        #expect(first && second)
    }

    /// Failures that are never the same are all told, and take no more room.
    @Test
    func failuresThatAreNeverTheSameAreAllTold() {
        var notices = OutageNotices()
        let told = (0..<100).filter { notices.isDue(BrokerError(.connectionLost, "\($0)"), at: start) }
        #expect(told.count == 100)
    }
}
