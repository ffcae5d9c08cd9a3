/// How the simulated partner misbehaves in a run: the same requests in the same way for the same seed.
struct MisbehaviourPlan: Sendable, Equatable {
    var shares: MisbehaviourShares
    var seed: UInt64
    /// How many attempts at a request are misbehaved at; those after them are answered well, so that all end told.
    var times = 1
    /// When `slow` answers.
    var slowFor = Duration.seconds(20)
    /// How long an endpoint that flaps is down, from the beginning of each period.
    var downFor = Duration.seconds(3)
    var period = Duration.seconds(10)

    /// How the run's n-th request is misbehaved at; `nil` for those that are taken well.
    ///
    /// The positions are those of a golden-section (Weyl) sequence: they fill the shares as evenly as can be, so that a run of
    /// few requests shows each behaviour too.
    func behaviour(ofRequest index: Int) -> Misbehaviour? {
        var random = SplitMix64(state: seed)
        let position = random.next() &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15
        var left = Double(position >> 11) * 0x1p-53 * 100
        for (behaviour, percent) in shares.percents {
            if left < percent { return behaviour }
            left -= percent
        }
        return nil
    }

    /// Whether the endpoint is down, so long after the first callback came. It begins down, so that a short run shows it too.
    func isDown(after elapsed: Duration) -> Bool {
        guard shares.flaps, elapsed >= .zero else { return false }
        let periods = (elapsed / period).rounded(.down)
        return elapsed - period * periods < downFor
    }
}
