import Testing

@testable import ServiceRuntime

@Suite struct StartRateTests {
    private let start = ContinuousClock.now

    @Test func withoutALimitNobodyWaits() {
        #expect(StartRate(perSecond: nil).take(at: start, before: start) == start)
    }

    @Test func aMomentThatComesTooLateIsLeftToOthers() {
        let rate = StartRate(perSecond: 1)
        #expect(rate.take(at: start, before: start + .seconds(1)) == start)
        #expect(rate.take(at: start, before: start + .milliseconds(999)) == nil)
        #expect(rate.take(at: start, before: start + .seconds(1)) == start + .seconds(1))
    }

    @Test func momentsComeAtEvenDistances() {
        let rate = StartRate(perSecond: 10)
        let moments = (0..<5).compactMap { _ in rate.take(at: start, before: start + .seconds(60)) }
        #expect(moments == (0..<5).map { start + .milliseconds(100) * $0 })
    }

    @Test func whatWasNotUsedIsLostButForATimersLateness() {
        let rate = StartRate(perSecond: 100)
        _ = rate.take(at: start, before: start + .seconds(60))
        let later = start + .seconds(60)
        let moments = (0..<200).compactMap { _ in rate.take(at: later, before: later + .seconds(60)) }
        #expect(moments.count { $0 <= later } == 11)
        #expect(moments.last == later - .milliseconds(100) + .milliseconds(10) * 199)
    }

    @Test func aNewRateCountsAtOnce() {
        let rate = StartRate(perSecond: 1)
        _ = rate.take(at: start, before: start + .seconds(60))
        rate.change(perSecond: 2)
        #expect(rate.take(at: start, before: start + .seconds(60)) == start + .seconds(1))
        #expect(rate.take(at: start, before: start + .seconds(60)) == start + .milliseconds(1500))
        rate.change(perSecond: nil)
        #expect(rate.take(at: start, before: start + .seconds(60)) == start)
    }
}
