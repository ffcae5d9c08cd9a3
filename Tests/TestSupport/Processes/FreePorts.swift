import Synchronization

/// Ports that nobody listens on.
package enum FreePorts {
    /// Given to somebody in this run, who may not listen on it yet, or not any more for a moment.
    private static let given = Mutex<Set<Int>>([])

    /// Looks for ports on 127.0.0.1, each of which is given once in a run: two services that are started one after the
    /// other would else get the same one now and then. They are below those that the kernel gives to outgoing
    /// connections, so that no client has one.
    /// - Throws: `PortFailure` when there are none.
    package static func take(_ count: Int) throws -> [Int] {
        try (0..<count).map { _ in try takeOne() }
    }

    private static func takeOne() throws -> Int {
        var failure = PortFailure(code: 0)
        for _ in 0..<100 {
            let number = Int.random(in: 20_000..<32_000)
            guard given.withLock({ $0.insert(number).inserted }) else { continue }
            do {
                _ = try OccupiedPort(number, listens: false)
                return number
            } catch let error as PortFailure { failure = error }
        }
        throw failure
    }
}
