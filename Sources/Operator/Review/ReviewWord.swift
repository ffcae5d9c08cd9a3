/// What may be decided in a review, as the admin API spells it.
enum ReviewWord: String, Sendable {
    case accept, decline

    /// What it has come to.
    var past: String {
        switch self {
        case .accept: "accepted"
        case .decline: "declined"
        }
    }
}
