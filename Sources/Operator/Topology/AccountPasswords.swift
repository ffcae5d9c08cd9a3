import Contracts
import ServiceRuntime

/// A password for each account, from a directory of files.
struct AccountPasswords: Sendable {
    private let hashes: [Account: PasswordHash]

    /// Reads the first line of each account's file.
    /// - Throws: `OperatorError` that names every file that is missing, or holds what is no secret.
    init(directory: String) throws(OperatorError) {
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
        guard problems.isEmpty else { throw OperatorError(problems.joined(separator: "; ")) }
        self.hashes = hashes
    }

    subscript(account: Account) -> PasswordHash? { hashes[account] }
}
