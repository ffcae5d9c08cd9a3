import Contracts
import Crypto
import Foundation
import ServiceRuntime
import Terminal

/// A password for each account, from a directory of files.
struct AccountPasswords: Sendable {
    private let hashes: [Account: PasswordHash]

    /// Reads the first line of each account's file.
    /// - Throws: `CommandError` that names every file that is missing, or holds what is no secret.
    init(directory: String) throws(CommandError) {
        var hashes: [Account: PasswordHash] = [:]
        var problems: [String] = []
        for account in Account.allCases {
            let path = "\(directory)/\(account.passwordFile)"
            // As the services read theirs: what one of them would refuse is no password here either.
            do throws(SecretFile.Problem) {
                hashes[account] = PasswordHash(of: Array(try SecretFile.secret(at: path).utf8))
            } catch {
                problems.append("\(path) \(error.text)")
            }
        }
        guard problems.isEmpty else { throw CommandError(problems.joined(separator: "; ")) }
        self.hashes = hashes
    }

    subscript(account: Account) -> PasswordHash? { hashes[account] }
}

/// A password as RabbitMQ keeps it under `rabbit_password_hashing_sha256`: four bytes of salt, and the SHA-256 of the
/// salt and the password (https://www.rabbitmq.com/docs/passwords).
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
