import NIOCore

/// Who is told of trouble: an entry of `notify` in `callbacks.yaml`.
struct AlertRecipient: Sendable, Equatable {
    /// Where and how it is told: in the way of a partner, at one URL.
    var endpoint: Partner
    /// Whose trouble it is told of; `nil` for everybody's.
    var providers: Set<String>?
    /// What it is told of.
    var kinds: Set<Alert.Kind> = Set(Alert.Kind.allCases)

    /// Whether it is to be told. What names no partner concerns those who hear of all.
    func hears(_ alert: Alert) -> Bool {
        guard kinds.contains(alert.kind) else { return false }
        guard let providers else { return true }
        return alert.provider.map(providers.contains) ?? false
    }
}
