import HTTPListener
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

    /// The token; nothing for the scheme alone. Looked at byte by byte, since a token is known by its digest: to compare text
    /// would take time by the square of what somebody sends who has none.
    private static func token(_ field: String) -> Substring {
        let field = trimmed(field.utf8[...])
        let scheme = Array("bearer".utf8)
        let isScheme = field.count >= scheme.count && zip(field, scheme).allSatisfy { $0 | 0x20 == $1 }
        let rest = isScheme ? field.dropFirst(scheme.count) : field
        // A token may begin with the letters of the scheme.
        guard isScheme, rest.first.map(isBlank) ?? true else { return Substring(field) }
        return Substring(trimmed(rest))
    }

    private static func trimmed(_ bytes: Substring.UTF8View) -> Substring.UTF8View {
        var bytes = bytes.drop(while: isBlank)
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return bytes
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
