/// How many messages for one endpoint may be in hand: few at first, four times as many whenever as many have been
/// answered, few again when half of them fail. So an endpoint that is away holds a handful of messages until its
/// timeouts have shown that, not everything that came meanwhile; and one that answers soon has all that it may have.
///
/// The idea is TCP's slow start (RFC 5681, section 3.1). Pure.
struct ConcurrencyRamp: Sendable, Equatable {
    /// What it begins with.
    static let least = 8
    private static let factor = 4

    private let most: Int
    /// How many may be in hand now.
    private(set) var limit: Int
    /// Since the last change.
    private var attempts = 0
    private var failures = 0

    /// - Parameter most: at least one.
    init(most: Int) {
        self.most = most
        limit = min(Self.least, most)
    }

    /// An attempt has ended that showed whether the endpoint is there.
    mutating func ended(failed: Bool) {
        attempts += 1
        if failed { failures += 1 }
        guard attempts >= limit else { return }
        limit = failures * 2 >= attempts ? min(Self.least, most) : min(limit * Self.factor, most)
        (attempts, failures) = (0, 0)
    }
}
