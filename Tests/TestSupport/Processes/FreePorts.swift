/// Ports that nobody listens on.
package enum FreePorts {
    /// Asks the kernel for ports on 127.0.0.1 and gives them back. All are held at the same time, so they differ.
    /// Another process can take one before its user does; who starts a server on one tries again with others then.
    /// - Throws: `PortFailure` when the kernel has none.
    package static func take(_ count: Int) throws -> [Int] {
        let held = try (0..<count).map { _ in try OccupiedPort(listens: false) }
        return withExtendedLifetime(held) { held.map(\.number) }
    }
}
