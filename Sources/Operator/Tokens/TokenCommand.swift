import ArgumentParser
import Contracts
import Crypto
import Foundation

/// `intake token`: what partners and staff show at the front door.
struct Token: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make tokens for partners.", subcommands: [TokenNew.self])
}

/// `intake token new`: a token for a partner, and the line of `providers.yaml` that lets its bearer in.
///
/// The token is shown this once and kept nowhere; the file holds its hash alone. A provider may have several, so that a
/// new one can be handed over before the old one is taken out of the file.
struct TokenNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Print a new token of 256 random bits, and its line for providers.yaml.")

    @Flag(help: "Print both as JSON.")
    var json = false

    func run() throws {
        let token = Self.token()
        let hash = Self.hash(of: token)
        let lines = ["token            \(token)", "providers.yaml   - sha256: \(hash)"]
        try Output.write(
            json ? .json(["token": token, "sha256": hash]) : .text(lines.joined(separator: "\n") + "\n"))
    }

    /// 43 characters that need no escapes in a header, a URL or a shell (RFC 4648, section 5), from the system's source
    /// of random numbers.
    static func token() -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: 0 ... .max, using: &generator) }
        return Data(bytes).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// In lower-case hexadecimal.
    static func hash(of token: String) -> String { HexDigit.text(SHA256.hash(data: Data(token.utf8))) }
}
