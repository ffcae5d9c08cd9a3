/// A partner system that may send requests.
struct Provider: Sendable, Equatable {
    /// The name that the operator gave it; part of every event.
    var id: String
    /// The organisation that it works for.
    var organization: String
}
