import Hummingbird

/// Finds out which provider a request comes from.
struct Authenticator: Sendable {
    /// The newest content of `providers.yaml`.
    var providers: @Sendable () -> ProviderDirectory

    /// Takes `Authorization: Bearer <token>` (RFC 6750), and the token alone, as the first client sends it.
    /// - Throws: `Problem` with status 401.
    func provider(of request: Request) throws(Problem) -> Provider {
        guard let field = request.headers[.authorization] else { throw .unauthorized(wrong: false) }
        let token = Self.token(field)
        guard !token.isEmpty else { throw .unauthorized(wrong: false) }
        guard let provider = providers().provider(token: token) else { throw .unauthorized(wrong: true) }
        return provider
    }

    /// How much a provider may send.
    func limits(of provider: Provider) -> ProviderLimits { providers().limits(of: provider) }

    private static func token(_ field: String) -> Substring {
        let field = field[...].trimmingBlanks()
        let scheme = "bearer"
        guard field.count >= scheme.count, field.prefix(scheme.count).lowercased() == scheme else { return field }
        let rest = field.dropFirst(scheme.count)
        guard let first = rest.first else { return "" }
        // A token may begin with the letters of the scheme.
        return first == " " || first == "\t" ? rest.trimmingBlanks() : field
    }
}
