import Testing

@testable import CallbackService

@Suite struct ConcurrencyRampTests {
    private func limits(_ ramp: inout ConcurrencyRamp, _ outcomes: [Bool]) -> [Int] {
        outcomes.map { failed in
            ramp.ended(failed: failed)
            return ramp.limit
        }
    }

    @Test func growsWithAnswers() {
        var ramp = ConcurrencyRamp(most: 100)
        #expect(ramp.limit == 8)
        #expect(limits(&ramp, Array(repeating: false, count: 8)).suffix(2) == [8, 32])
        #expect(limits(&ramp, Array(repeating: false, count: 32)).suffix(2) == [32, 100])
        #expect(limits(&ramp, Array(repeating: false, count: 200)).allSatisfy { $0 == 100 })
    }

    @Test func staysSmallWhereNothingIsAnswered() {
        var ramp = ConcurrencyRamp(most: 256)
        #expect(limits(&ramp, Array(repeating: true, count: 100)).allSatisfy { $0 == 8 })
    }

    @Test func fallsWhenHalfFail() {
        var ramp = ConcurrencyRamp(most: 32)
        _ = limits(&ramp, Array(repeating: false, count: 8))
        let half = (0..<32).map { $0.isMultiple(of: 2) }
        #expect(limits(&ramp, half).suffix(2) == [32, 8])
    }

    @Test func aFailureNowAndThenChangesNothing() {
        var ramp = ConcurrencyRamp(most: 256)
        let some = (0..<2000).map { $0.isMultiple(of: 3) }
        #expect(limits(&ramp, some).last == 256)
    }

    @Test func neverExceedsWhatMayBe() {
        var ramp = ConcurrencyRamp(most: 3)
        #expect(ramp.limit == 3)
        #expect(limits(&ramp, [false, false, false, true, true, true]).allSatisfy { $0 == 3 })
    }
}
