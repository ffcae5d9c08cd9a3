/// The books of a partner that misbehaves. Without a plan none of these writes anything down.
extension Ledger {
    /// A callback's head came. That somebody still calls is progress, whatever becomes of it.
    /// - Parameter key: its `Idempotency-Key`.
    /// - Returns: how to take it; `nil` for well.
    mutating func arrived(id: String, key: String?, at now: Instant) -> Misbehaviour? {
        guard let index = indexByID[id] else { return nil }
        lastProgressAt = now
        return misbehaviours?.arrived(index, key: key, at: now)
    }

    /// The partner has acted on a callback, and its caller does not know.
    mutating func acted(id: String, acceptance: Bool) {
        if let index = indexByID[id] { misbehaviours?.acted(index, on: acceptance) }
    }

    /// A receipt goes out that nobody can misread.
    mutating func receipted(id: String, key: String?) {
        if let index = indexByID[id] { misbehaviours?.receipted(index, key: key) }
    }

    /// Somebody went where a redirect pointed.
    mutating func redirectFollowed(id: String) {
        if let index = indexByID[id] { misbehaviours?.redirectFollowed(index) }
    }
}
