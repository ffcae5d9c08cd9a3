/// How long to wait before the next try: twice as long each time, between half and the whole of it.
struct Backoff {
    static let first = Duration.milliseconds(100)
    static let longest = Duration.seconds(5)

    private var ceiling = Self.first

    /// - Parameter floor: what the server asked for.
    mutating func next(atLeast floor: Duration?) -> Duration {
        let delay = ceiling * Double.random(in: 0.5...1)
        ceiling = min(Self.longest, ceiling * 2)
        return max(delay, floor ?? .zero)
    }
}
