/// What became of reviews whose deadline has passed.
struct OverdueReviews: Sendable {
    /// A place among them, in the order of their deadlines.
    struct Place: Sendable, Equatable {
        var deadline: Int64
        var number: Int64
    }

    /// The events of those that were decided.
    var entries: [OutboxEntry] = []
    /// Requests that could not be read, and why: they are left as they are.
    var unreadable: [(request: String, error: StoreError)] = []
    /// Where to go on; `nil` when there are no more.
    var next: Place?
}
