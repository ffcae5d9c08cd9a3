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
