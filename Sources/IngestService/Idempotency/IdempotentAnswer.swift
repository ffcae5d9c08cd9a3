import Contracts

/// The first answer under a key. Status, location and body follow from these two, so that no more needs to be kept.
enum IdempotentAnswer: Sendable, Equatable {
    /// 202.
    case accepted(RequestID)
    /// 409: the provider had sent its request's id before, under another key or none.
    case duplicate(of: RequestID)

    var id: RequestID {
        switch self {
        case .accepted(let id), .duplicate(let id): id
        }
    }
}
