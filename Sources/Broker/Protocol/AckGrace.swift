/// How long a channel is to stay open after its last acks.
///
/// At the broker a channel has a process of its own, which passes acks on to the leader of a quorum queue: no more than
/// 32 frames of them (`quorum_commands_soft_limit`) before the leader has answered the first. The others it keeps, and
/// when the channel closes they are gone with it: what was acknowledged so is delivered once more, as if nobody had
/// handled it. Nothing tells when all are passed on. So a channel that has said much a moment ago stays open for
/// another moment.
struct AckGrace: Sendable {
    /// Half of what the broker passes on at once.
    static let frames = 16
    /// Many times what a leader takes for its answer.
    static let grace = Duration.seconds(1)

    /// Said with no pause as long as the grace.
    private var count = 0
    private var last: ContinuousClock.Instant?

    /// So many frames have been said.
    mutating func told(_ frames: Int, at now: ContinuousClock.Instant) {
        if let last, last.duration(to: now) >= Self.grace { count = 0 }
        count += frames
        last = now
    }

    /// Until when the channel is to stay open; `nil` when it may close.
    func end(at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        guard count > Self.frames, let end = last?.advanced(by: Self.grace), end > now else { return nil }
        return end
    }
}
