import Contracts
import Crypto

/// The SHA-256 of a bearer token: what is stored and looked up in the token's place.
///
/// A look-up by hash leaks nothing useful by its timing: who can't invert SHA-256 can't steer the hash towards a stored
/// one byte by byte. The comparison at its end takes the same time wherever two hashes differ all the same.
struct TokenHash: Sendable, Hashable {
    private let bytes: [UInt8]

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
