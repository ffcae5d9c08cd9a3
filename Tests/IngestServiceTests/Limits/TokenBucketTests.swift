import Testing

@testable import IngestService

@Suite struct TokenBucketTests {
    private let start = ContinuousClock.now

    @Test func aFullBucketHoldsABurstAndNoMore() {
        var bucket = TokenBucket(at: start)
        for _ in 0..<3 { #expect(bucket.take(at: start, interval: .seconds(1), burst: 3) == nil) }
        #expect(bucket.take(at: start, interval: .seconds(1), burst: 3) == .seconds(1))
        #expect(bucket.take(at: start + .milliseconds(400), interval: .seconds(1), burst: 3) == .milliseconds(600))
        #expect(bucket.take(at: start + .seconds(1), interval: .seconds(1), burst: 3) == nil)
        #expect(bucket.take(at: start + .seconds(1), interval: .seconds(1), burst: 3) != nil)
    }

    @Test func aPauseFillsItOnceOnly() {
        var bucket = TokenBucket(at: start)
        let later = start + .seconds(3600)
        let taken = (0..<10).count { _ in bucket.take(at: later, interval: .seconds(1), burst: 3) == nil }
        #expect(taken == 3)
    }

    @Test func inTheLongRunTheRateHolds() {
        var bucket = TokenBucket(at: start)
        let taken = (0..<10_000).count { millisecond in
            bucket.take(at: start + .milliseconds(millisecond), interval: .milliseconds(20), burst: 5) == nil
        }
        #expect(taken == 504)
    }
}
