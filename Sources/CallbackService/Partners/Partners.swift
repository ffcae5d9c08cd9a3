/// The partners of `callbacks.yaml`, by the id that the operator gave them.
struct Partners: Sendable, Equatable {
    var byID: [String: Partner]
    /// Who is told of trouble, by the names that the operator gave them; none is also a partner's id.
    var recipients: [String: AlertRecipient] = [:]

    subscript(id: String) -> Partner? { byID[id] }
}
