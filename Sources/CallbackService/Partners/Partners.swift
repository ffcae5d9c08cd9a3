/// The partners of `callbacks.yaml`, by the id that the operator gave them.
struct Partners: Sendable, Equatable {
    var byID: [String: Partner]

    subscript(id: String) -> Partner? { byID[id] }
}
