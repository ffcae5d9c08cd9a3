import Crypto
import Foundation

/// A password as RabbitMQ keeps it under `rabbit_password_hashing_sha256`: four bytes of salt, and the SHA-256 of the salt and the
/// password (https://www.rabbitmq.com/docs/passwords).
struct PasswordHash: Sendable, Equatable {
    static let algorithm = "rabbit_password_hashing_sha256"

    /// Base64 (RFC 4648, section 4).
    let text: String

    /// With a new salt each time.
    init(of password: [UInt8]) {
        var generator = SystemRandomNumberGenerator()
        self.init(of: password, salt: (0..<4).map { _ in UInt8.random(in: 0 ... .max, using: &generator) })
    }

    init(of password: [UInt8], salt: [UInt8]) {
        text = Data(salt + SHA256.hash(data: salt + password)).base64EncodedString()
    }
}
