/// Which token belongs to which provider: the content of `providers.yaml`.
struct ProviderDirectory: Sendable, Equatable {
    /// Providers by the hash of each of their tokens. A provider may have several, so that they can be rotated.
    private let byToken: [TokenHash: Provider]

    /// Limits by the provider's id.
    private let limits: [String: ProviderLimits]
    /// The staff of organisations by the hash of each of their tokens.
    private let staffByToken: [TokenHash: Staff]

    init(
        byToken: [TokenHash: Provider], limits: [String: ProviderLimits] = [:], staffByToken: [TokenHash: Staff] = [:]
    ) {
        self.byToken = byToken
        self.limits = limits
        self.staffByToken = staffByToken
    }

    /// The provider that a token belongs to; `nil` when nobody has it.
    func provider(token: some StringProtocol) -> Provider? { byToken[TokenHash(token: token)] }

    func limits(of provider: Provider) -> ProviderLimits { limits[provider.id] ?? .none }

    /// Whether one of these tokens lets anybody in.
    func knows(anyOf tokens: [String]) -> Bool { tokens.contains { caller(token: $0) != nil } }

    /// Whose token it is; `nil` when it is nobody's.
    func caller(token: some StringProtocol) -> Caller? {
        let hash = TokenHash(token: token)
        return byToken[hash].map(Caller.provider) ?? staffByToken[hash].map(Caller.staff)
    }
}
