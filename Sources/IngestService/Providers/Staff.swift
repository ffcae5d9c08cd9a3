/// Who works for an organisation, by one of its tokens.
struct Staff: Sendable, Equatable {
    /// What a token is good for.
    enum Permission: String, Sendable, CaseIterable {
        /// To look at requests.
        case read
        /// To look at them and to change their status.
        case write
    }

    var organization: String
    var may: Permission
}
