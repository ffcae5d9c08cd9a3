import Contracts
import Foundation

/// A password for each account, from a directory of files.
struct AccountPasswords: Sendable {
    private let hashes: [Account: PasswordHash]

    /// Reads the first line of each account's file.
    /// - Throws: `OperatorError` that names every file that is missing or empty.
    init(directory: String) throws(OperatorError) {
        var hashes: [Account: PasswordHash] = [:]
        var problems: [String] = []
        for account in Account.allCases {
            let path = "\(directory)/\(account.passwordFile)"
            guard let content = FileManager.default.contents(atPath: path) else {
                problems.append("\(path) cannot be read")
                continue
            }
            let line = Self.firstLine(of: content)
            if line.isEmpty { problems.append("\(path) has no password in its first line") }
            hashes[account] = PasswordHash(of: line)
        }
        guard problems.isEmpty else { throw OperatorError(problems.joined(separator: "; ")) }
        self.hashes = hashes
    }

    subscript(account: Account) -> PasswordHash? { hashes[account] }

    /// Without its end, which an editor on another system may have made of two characters.
    private static func firstLine(of content: Data) -> [UInt8] {
        let line = content.prefix { $0 != UInt8(ascii: "\n") }
        return Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }
}
