/// How much one provider may send; what is `nil` is not limited.
struct ProviderLimits: Sendable, Equatable {
    /// How often it may send in the long run.
    struct Rate: Sendable, Equatable {
        var count: Int
        var per: Duration

        /// How long until the next one is due.
        var interval: Duration { per / count }
    }

    static let none = ProviderLimits()

    var rate: Rate?
    /// How many it may send at once after a pause; a second's worth, at least one, when it is not given.
    var burst: Int?
    /// How many of its submissions may be under way at once.
    var inFlight: Int?
}
