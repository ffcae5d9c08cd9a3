/// Decides which failures of a connection are told: each one when it is new, and then now and again as long as it
/// lasts. Attempts come every few seconds, and a broker can be away for days.
struct OutageNotices {
    /// How long the same failure is not told again.
    static let interval = Duration.seconds(60)
    /// As many different ones are remembered: more than a broker has nodes.
    private static let most = 16

    private var told: [String: ContinuousClock.Instant] = [:]

    /// - Returns: whether it is to be told; it then counts as told.
    mutating func isDue(_ error: BrokerError, at now: ContinuousClock.Instant) -> Bool {
        if let last = told[error.description], last.duration(to: now) < Self.interval { return false }
        if told.count >= Self.most { told.removeAll() }
        told[error.description] = now
        return true
    }

    /// The connection stands: what happens next is news.
    mutating func reset() { told.removeAll() }
}
