import Testing

@testable import ServiceRuntime

@Suite struct ShardShareTests {
    /// Together the shards have as much in hand as one queue would, and each has some.
    @Test(arguments: [(1, 256), (3, 86), (5, 52), (64, 4)])
    func whatMayBeInHandIsSharedOut(_ shards: Int, _ each: Int) {
        let share = ShardShare(256)
        share.grow(to: shards)
        #expect(share.each == each)
        #expect(share.each * shards < 256 + shards)
    }

    @Test func eachShardHasAtLeastOne() {
        let share = ShardShare(8)
        share.grow(to: 64)
        #expect(share.each == 1)
    }

    /// However often a header says that a message came back.
    @Test func theWaitOfWhatCameBackOftenIsBounded() async {
        let share = ShardShare(8)
        share.grow(to: 2)
        let start = ContinuousClock.now
        await share.keepApart(returns: .max)
        // A second, and what a busy machine takes.
        #expect(start.duration(to: .now) < .seconds(60))
    }
}
