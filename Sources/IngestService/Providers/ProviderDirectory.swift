/// Which token belongs to which provider: the content of `providers.yaml`.
struct ProviderDirectory: Sendable, Equatable {
    /// Providers by the hash of each of their tokens. A provider may have several, so that they can be rotated.
    private let byToken: [TokenHash: Provider]

    init(byToken: [TokenHash: Provider]) { self.byToken = byToken }

    /// The provider that a token belongs to; `nil` when nobody has it.
    func provider(token: some StringProtocol) -> Provider? { byToken[TokenHash(token: token)] }
}
