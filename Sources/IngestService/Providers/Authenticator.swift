import Crypto
import HTTPListener
import HTTPTypes
import Hummingbird
import Pages

/// Finds out who a request comes from.
struct Authenticator: Sendable {
    /// The newest content of `providers.yaml`.
    var providers: @Sendable () -> ProviderDirectory
    /// Where persons' tokens are looked up that are not in the file; `nil` for nowhere.
    var people: RequestStore?

    /// - Throws: `Problem` with status 401, or 403 when it comes from somebody who sends no requests.
    func provider(of request: Request) async throws(Problem) -> Provider {
        guard case .provider(let provider) = try await caller(of: request) else { throw .forbidden }
        return provider
    }

    /// Takes `Authorization: Bearer <token>` (RFC 6750), and the token alone, as the first client sends it.
    /// - Throws: `Problem` with status 401, or 503 when nobody can say whose token it is.
    func caller(of request: Request) async throws(Problem) -> Caller {
        guard let field = request.headers.value(.authorization) else { throw .unauthorized(wrong: false) }
        let token = Self.token(field)
        guard !token.isEmpty else { throw .unauthorized(wrong: false) }
        if let caller = providers().caller(token: token) { return caller }
        guard let staff = try await person(token) else { throw .unauthorized(wrong: true) }
        return .staff(staff)
    }

    /// The person whose token it is. Only what looks like one is looked up.
    private func person(_ token: Substring) async throws(Problem) -> Staff? {
        guard let people, PersonToken.isLike(token) else { return nil }
        do { return try await people.staff(token: PersonToken.hash(token))?.staff } catch {
            throw Problem(
                status: .serviceUnavailable, code: "store-unavailable", detail: "The store could not be read.",
                headers: [.retryAfter: "2"])
        }
    }

    /// The provider whose token it is, and none else's; `nil` when there is none.
    func provider(token: String) -> Provider? { providers().provider(token: token) }

    /// The provider whose token has this hash; `nil` when there is none any more.
    func provider(hash: TokenHash) -> Provider? { providers().provider(hash: hash) }

    /// How the provider's organisation wants to reach people.
    func contact(of provider: Provider) -> ContactRule { providers().contact(of: provider.organization) }

    /// How much a provider may send.
    func limits(of provider: Provider) -> ProviderLimits { providers().limits(of: provider) }

    /// The token; nothing for the scheme alone. Looked at byte by byte, since a token is known by its digest: to
    /// compare text would take time by the square of what somebody sends who has none.
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

/// A person's token for programs.
enum PersonToken {
    private static let prefix = "intake_"

    static func make() -> String { prefix + HandedSecret().text }

    static func isLike(_ token: some StringProtocol) -> Bool {
        token.utf8.count == prefix.utf8.count + 64 && token.utf8.starts(with: prefix.utf8)
    }

    /// What is stored in its place.
    static func hash(_ token: some StringProtocol) -> [UInt8] { Array(SHA256.hash(data: Array(token.utf8))) }
}
