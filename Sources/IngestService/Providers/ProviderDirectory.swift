import Contracts
import Crypto

/// Which token belongs to which provider: the content of `providers.yaml`.
struct ProviderDirectory: Sendable, Equatable {
    /// Providers by the hash of each of their tokens. A provider may have several, so that they can be rotated.
    private let byToken: [TokenHash: Provider]

    /// Limits by the provider's id.
    private let limits: [String: ProviderLimits]
    /// The staff of organisations by the hash of each of their tokens.
    private let staffByToken: [TokenHash: Staff]
    /// How organisations want to reach people, where that is not by phone and by e-mail.
    private let contacts: [String: ContactRule]

    init(
        byToken: [TokenHash: Provider], limits: [String: ProviderLimits] = [:], staffByToken: [TokenHash: Staff] = [:],
        contacts: [String: ContactRule] = [:]
    ) {
        self.contacts = contacts
        self.byToken = byToken
        self.limits = limits
        self.staffByToken = staffByToken
    }

    /// The provider that a token belongs to; `nil` when nobody has it.
    func provider(token: some StringProtocol) -> Provider? { byToken[TokenHash(token: token)] }

    /// Every provider that the file names, with its organisation where it has a token, and with its limits.
    var known: [String: (organization: String?, limits: ProviderLimits)] {
        var known = limits.mapValues { (organization: String?.none, limits: $0) }
        for provider in byToken.values {
            known[provider.id] = (organization: provider.organization, limits: limits(of: provider))
        }
        return known
    }

    /// The provider whose token has this hash.
    func provider(hash: TokenHash) -> Provider? { byToken[hash] }

    /// How the organisation wants to reach people.
    func contact(of organization: String) -> ContactRule { contacts[organization] ?? .both }

    func limits(of provider: Provider) -> ProviderLimits { limits[provider.id] ?? .none }

    /// Whether one of these tokens lets anybody in.
    func knows(anyOf tokens: [String]) -> Bool { tokens.contains { caller(token: $0) != nil } }

    /// Whose token it is; `nil` when it is nobody's.
    func caller(token: some StringProtocol) -> Caller? {
        let hash = TokenHash(token: token)
        return byToken[hash].map(Caller.provider) ?? staffByToken[hash].map(Caller.staff)
    }
}

/// How much one provider may send; what is `nil` is not limited.
struct ProviderLimits: Sendable, Equatable {
    /// How often it may send in the long run.
    struct Rate: Sendable, Equatable {
        var count: Int
        var per: Duration

        /// How long until the next one is due.
        var interval: Duration { per / count }
    }

    static let none = ProviderLimits()

    var rate: Rate?
    /// How many it may send at once after a pause; a second's worth, at least one, when it is not given.
    var burst: Int?
    /// How many of its submissions may be under way at once.
    var inFlight: Int?
}

/// The SHA-256 of a bearer token: what is stored and looked up in the token's place.
///
/// A look-up by hash leaks nothing useful by its timing: who can't invert SHA-256 can't steer the hash towards a stored
/// one byte by byte. The comparison at its end takes the same time wherever two hashes differ all the same.
struct TokenHash: Sendable, Hashable {
    let bytes: [UInt8]

    /// One that was stored.
    init(bytes: [UInt8]) { self.bytes = bytes }

    static func == (left: TokenHash, right: TokenHash) -> Bool {
        guard left.bytes.count == right.bytes.count else { return false }
        return zip(left.bytes, right.bytes).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// Hashes a token as it came over the wire.
    init(token: some StringProtocol) {
        bytes = Array(SHA256.hash(data: Array(token.utf8)))
    }

    /// Reads 64 hexadecimal digits in either case; `nil` for anything else.
    init?(hex: String) {
        let digits = Array(hex.utf8)
        guard digits.count == 2 * SHA256.byteCount else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = HexDigit.value(digits[index]), let low = HexDigit.value(digits[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }
}
