extension OutboxRelay {
    /// Bounds of the relay. Not for operators: they fit any machine.
    struct Configuration: Sendable {
        /// How many publishes wait for their confirm at once.
        var publishLimit = 256
        /// How many fresh events wait in memory; more wait in the table alone.
        var handoverLimit = 4096
        /// How many events a sweep reads at once.
        var sweepPage = 256
        /// How long to wait after the first failed try; doubled after each further one.
        var firstWait = Duration.seconds(1)
        var longestWait = Duration.seconds(60)
        /// How long the relay goes on publishing when it is to stop.
        var drainDeadline = Duration.seconds(10)
        /// How often the outbox's length is reported.
        var watchInterval = Duration.seconds(5)
    }
}
