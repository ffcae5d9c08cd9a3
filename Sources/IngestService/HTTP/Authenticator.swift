import Hummingbird

/// Finds out who a request comes from.
struct Authenticator: Sendable {
    /// The newest content of `providers.yaml`.
    var providers: @Sendable () -> ProviderDirectory

    /// - Throws: `Problem` with status 401, or 403 when it comes from somebody who sends no requests.
    func provider(of request: Request) throws(Problem) -> Provider {
        guard case .provider(let provider) = try caller(of: request) else { throw .forbidden }
        return provider
    }

    /// Staff who may change something.
    /// - Throws: `Problem` with status 401 or 403.
    func writingStaff(of request: Request) throws(Problem) -> Staff {
        guard case .staff(let staff) = try caller(of: request), staff.may == .write else { throw .forbidden }
        return staff
    }

    /// Takes `Authorization: Bearer <token>` (RFC 6750), and the token alone, as the first client sends it.
    /// - Throws: `Problem` with status 401.
    func caller(of request: Request) throws(Problem) -> Caller {
        guard let field = request.headers[.authorization] else { throw .unauthorized(wrong: false) }
        let token = Self.token(field)
        guard !token.isEmpty else { throw .unauthorized(wrong: false) }
        guard let caller = providers().caller(token: token) else { throw .unauthorized(wrong: true) }
        return caller
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
