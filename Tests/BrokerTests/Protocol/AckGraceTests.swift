import Testing

@testable import Broker

/// How long a channel stays open for its acks' sake.
@Suite
struct AckGraceTests {
    private let start = ContinuousClock.now

    private func after(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    @Test
    func aChannelThatHasSaidLittleMayClose() {
        var grace = AckGrace()
        #expect(grace.end(at: start) == nil)
        for moment in 0..<AckGrace.frames { grace.told(1, at: after(moment)) }
        #expect(grace.end(at: after(20)) == nil)
    }

    @Test
    func aChannelThatHasSaidMuchStaysForAMomentAfterTheLast() {
        var grace = AckGrace()
        grace.told(AckGrace.frames + 1, at: start)
        #expect(grace.end(at: start) == after(1000))
        grace.told(1, at: after(600))
        #expect(grace.end(at: after(700)) == after(1600))
        #expect(grace.end(at: after(1600)) == nil)
    }

    @Test
    func whatWasSaidLongBeforeDoesNotCount() {
        var grace = AckGrace()
        grace.told(1000, at: start)
        grace.told(1, at: after(1000))
        #expect(grace.end(at: after(1001)) == nil)
    }

    @Test
    func fewAtATimeWithoutAPauseAddUp() {
        var grace = AckGrace()
        for moment in 0...AckGrace.frames { grace.told(1, at: after(moment * 100)) }
        #expect(grace.end(at: after(AckGrace.frames * 100 + 1)) != nil)
    }
}
