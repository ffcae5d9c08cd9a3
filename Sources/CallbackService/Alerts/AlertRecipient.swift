import NIOCore

/// Who is told of trouble: an entry of `notify` in `callbacks.yaml`.
struct AlertRecipient: Sendable, Equatable {
    /// Where and how it is told: in the way of a partner, at one URL.
    var endpoint: Partner
    /// Whose trouble it is told of; `nil` for everybody's.
    var providers: Set<String>?
    /// For whose partners and requests; `nil` for all.
    var organizations: Set<String>?
    /// What it is told of.
    var kinds: Set<Alert.Kind> = Set(Alert.Kind.allCases)

    /// Whether it is to be told. What names no partner, or no organisation, concerns those who hear of all.
    func hears(_ alert: Alert) -> Bool {
        guard kinds.contains(alert.kind) else { return false }
        if let providers, !(alert.provider.map(providers.contains) ?? false) { return false }
        // Who was told of trouble is told of its end, whatever that names.
        guard let organizations, alert.kind != .recovered else { return true }
        return alert.organization.map(organizations.contains) ?? false
    }
}
