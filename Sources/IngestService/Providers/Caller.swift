/// A partner system that may send requests.
struct Provider: Sendable, Equatable {
    /// The name that the operator gave it; part of every event.
    var id: String
    /// The organisation that it works for.
    var organization: String
}

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
    /// Whose token it is; `nil` for one of the organisation's in `providers.yaml`.
    var person: StaffMember?
}

/// Who asks.
enum Caller: Sendable, Equatable {
    case provider(Provider)
    case staff(Staff)

    /// Whether the request is the caller's business: what is not is not there for it.
    func sees(_ request: StoredRequest) -> Bool {
        switch self {
        case .provider(let provider): request.provider.id == provider.id
        case .staff(let staff): request.provider.organization == staff.organization
        }
    }

    /// One for each provider and each organisation.
    var name: String {
        switch self {
        case .provider(let provider): "provider \(provider.id)"
        case .staff(let staff): "organization \(staff.organization)"
        }
    }

    var isStaff: Bool { if case .staff = self { true } else { false } }
}
