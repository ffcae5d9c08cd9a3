import Synchronization

/// For whom partners work, as the requests say whose callbacks fail: `providers.yaml` is IngestService's, and known to
/// nobody else. What goes well teaches nothing, since nobody asks then.
final class PartnerOrganizations: Sendable {
    private let known = Mutex<[String: String]>([:])

    subscript(provider: String) -> String? { known.withLock { $0[provider] } }

    /// - Parameter provider: one that `callbacks.yaml` names, so that there are not more of them.
    func learn(_ organization: String, of provider: String) {
        known.withLock { known in
            if known[provider] != organization { known[provider] = organization }
        }
    }
}
