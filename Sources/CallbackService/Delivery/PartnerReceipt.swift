import Contracts

/// A partner has taken what it was told.
struct PartnerReceipt: Sendable, Equatable {
    /// The HTTP status of its answer.
    var status: Int
    /// By which protocol it was asked; `nil` behind a proxy.
    var addressFamily: AddressFamily?
}
