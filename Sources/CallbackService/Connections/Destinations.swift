import Synchronization

/// Where all partners are. Connections are kept from one callback to the next, and given up when a partner's entry says
/// something else about them.
final class Destinations: Sendable {
    private let connections: Int
    private let lookup: HostLookup
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state = Mutex<[String: Destination]>([:])

    /// - Parameter connections: to one address at most, where the partner's entry does not say.
    init(
        connections: Int, lookup: HostLookup, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.connections = connections
        self.lookup = lookup
        self.now = now
    }

    subscript(partner: Partner) -> Destination {
        let (destination, old) = state.withLock { all in
            let known = all[partner.id]
            if let known, known.endpoint == partner.endpoint { return (known, Destination?.none) }
            let new = Destination(partner.endpoint, connections: connections, lookup: lookup, now: now)
            all[partner.id] = new
            return (new, known)
        }
        old?.retire()
        return destination
    }

    func shutDown() async {
        for destination in state.withLock({ Array($0.values) }) { await destination.shutDown() }
    }
}
