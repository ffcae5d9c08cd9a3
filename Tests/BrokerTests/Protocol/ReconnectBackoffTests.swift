import Contracts
import Testing

@testable import Broker

/// Waiting before the next attempt to connect.
@Suite
struct ReconnectBackoffTests {
    private var parameters: ReconnectBackoff.Parameters {
        var parameters = ReconnectBackoff.Parameters()
        parameters.first = .milliseconds(100)
        parameters.factor = 2
        parameters.limit = .seconds(5)
        return parameters
    }

    /// Each wait lies between half of and the whole of its step, and the steps double up to the limit.
    @Test
    func eachWaitLiesBetweenHalfOfAndTheWholeOfItsStep() {
        for seed in UInt64(0)..<50 {
            var generator = SeededGenerator(seed: seed)
            var backoff = ReconnectBackoff(parameters)
            for step in [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000] {
                let wait = backoff.next(using: &generator)
                #expect(wait >= .milliseconds(step) / 2)
                #expect(wait <= .milliseconds(step))
            }
        }
    }

    @Test
    func manyClientsDoNotComeBackInStep() {
        var waits: Set<Duration> = []
        for seed in UInt64(0)..<100 {
            var generator = SeededGenerator(seed: seed)
            var backoff = ReconnectBackoff(parameters)
            waits.insert(backoff.next(using: &generator))
        }
        #expect(waits.count > 90)
    }

    /// After a connection that stood, it begins with the shortest again.
    @Test
    func afterAConnectionThatStood() {
        var generator = SeededGenerator(seed: 1)
        var backoff = ReconnectBackoff(parameters)
        for _ in 0..<10 { _ = backoff.next(using: &generator) }
        backoff.reset()
        #expect(backoff.next(using: &generator) <= .milliseconds(100))
    }

    @Test
    func aFirstWaitBeyondTheLimitIsCut() {
        var generator = SeededGenerator(seed: 1)
        var parameters = parameters
        parameters.first = .seconds(60)
        var backoff = ReconnectBackoff(parameters)
        #expect(backoff.next(using: &generator) <= .seconds(5))
    }

    @Test
    func aBrokerThatIsBackIsFoundWithinFiveSeconds() {
        #expect(ReconnectBackoff.Parameters().limit < .seconds(5))
    }
}
