/// An address that a partner's host has, and what was found about it.
struct AddressVerdict: Sendable, Equatable {
    var address: IPAddress
    /// Why callbacks must not go there; `nil` when they may.
    var refusal: String?
}
