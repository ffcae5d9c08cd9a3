/// The tokens of the demo and of the trial in containers. They stand in the repository: everybody knows them.
package enum DemoTokens {
    package static let all = [
        "demo-token-not-for-production", "demo-read-token-not-for-production", "demo-write-token-not-for-production",
        "trial-admin-token-not-for-production", "trial-coverage-token-not-for-production",
    ]
}

extension Settings {
    /// Whether a listener at this address is reached from other hosts: it is on no loopback address, and
    /// `published.address` does not say that all that is published of the container is on one.
    package mutating func isExposed(_ host: String) -> Bool {
        let published = optionalString(
            "published.address",
            meaning: "Where a container's listeners are published; on a loopback address the demo's tokens are taken."
        )
        return !Self.isLoopback(published ?? host) && !Self.isLoopback(host)
    }

    /// Records a problem when a token of the demo guards what other hosts reach.
    package mutating func rejectDemoToken(_ token: String?, _ key: String, host: String) {
        // Asked for in any case: a key that is set is one that the service knows.
        let isExposed = isExposed(host)
        guard let token, isExposed, DemoTokens.all.contains(where: { $0.utf8.elementsEqual(token.utf8) }) else {
            return
        }
        reject(key, "is a token of the demo, which everybody knows")
    }

    package static func isLoopback(_ host: String) -> Bool { ["127.0.0.1", "::1", "localhost"].contains(host) }
}
