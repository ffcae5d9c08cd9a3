/// Which token belongs to which provider: the content of `providers.yaml`.
struct ProviderDirectory: Sendable, Equatable {
    /// Providers by the hash of each of their tokens. A provider may have several, so that they can be rotated.
    private let byToken: [TokenHash: Provider]

    /// Limits by the provider's id.
    private let limits: [String: ProviderLimits]

    init(byToken: [TokenHash: Provider], limits: [String: ProviderLimits] = [:]) {
        self.byToken = byToken
        self.limits = limits
    }

    /// The provider that a token belongs to; `nil` when nobody has it.
    func provider(token: some StringProtocol) -> Provider? { byToken[TokenHash(token: token)] }

    func limits(of provider: Provider) -> ProviderLimits { limits[provider.id] ?? .none }
}
