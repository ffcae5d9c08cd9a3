import ArgumentParser
import Contracts
import Foundation
import Terminal

/// `intake secret`: what callbacks are signed with.
struct SecretCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret", abstract: "Make secrets that callbacks are signed with.", subcommands: [SecretNew.self])
}

/// `intake secret new`: a signing secret as Standard Webhooks writes it, shown this once and kept nowhere.
struct SecretNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Print a new signing secret, and where it goes.",
        discussion: """
            To rotate one, put the new one behind the old: callbacks then have a signature of each, and the old one \
            goes when the partner checks the new one. The service reads the file again by itself.
            """)

    @Flag(help: "Print it as JSON.")
    var json = false

    func run() throws {
        let secret = Self.secret()
        let lines = [
            "secret           \(secret)   (for the partner, and for no one else)",
            "callbacks.yaml   signing_secrets: [\"\(secret)\"]",
        ]
        try Output.write(json ? .json(["secret": secret]) : .text(lines.joined(separator: "\n") + "\n"))
    }

    /// `whsec_` and 32 random bytes in base64 (Standard Webhooks, "Signature scheme"), from the system's source of
    /// random numbers.
    static func secret() -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: 0 ... .max, using: &generator) }
        return "whsec_" + Data(bytes).base64EncodedString()
    }
}

/// `intake provider`
struct ProviderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provider", abstract: "Let partners in.", subcommands: [ProviderNew.self])
}

/// `intake provider new`: everything that a new partner needs, shown this once and kept nowhere.
struct ProviderNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Print the entries of providers.yaml and callbacks.yaml for a new partner, and what it is given.",
        discussion: """
            Nothing is changed: put the entries where they say, then intake check-config. The services read the files \
            again by themselves.
            """)

    @Argument(help: "The partner's id: a-z, 0-9 and -.", transform: ProviderNew.name)
    var name: String

    @Option(help: "The organisation that it works for, as in coverage.yaml.")
    var organization: String

    @Option(help: "Where it takes callbacks; {providerRequestId} stands for its own id of the request.")
    var callbackUrl: String

    @Flag(help: "Print token, hash and secret as JSON, in place of the files' entries.")
    var json = false

    private struct View: Encodable {
        var provider: String
        var organization: String
        var callbackUrl: String
        var token: String
        var tokenSHA256: String
        var signingSecret: String
    }

    func validate() throws {
        guard ServiceURL.isOne(callbackUrl.replacing("{providerRequestId}", with: "id")) else {
            throw ValidationError("--callback-url must look like https://partner.example/requests/{providerRequestId}")
        }
        guard !organization.isEmpty, !organization.contains(where: { "\"\\\n:#{}[]".contains($0) }) else {
            throw ValidationError("--organization must be a name of coverage.yaml")
        }
    }

    func run() throws {
        let (token, secret) = (TokenNew.token(), SecretNew.secret())
        let view = View(
            provider: name, organization: organization, callbackUrl: callbackUrl, token: token,
            tokenSHA256: TokenNew.hash(of: token), signingSecret: secret)
        let text = Self.text(name, organization, callbackUrl, token: token, secret: secret) + "\n"
        try Output.write(json ? .json(view) : .text(text))
    }

    static func text(
        _ name: String, _ organization: String, _ url: String, token: String, secret: String
    ) -> String {
        """
        providers.yaml, below providers:

          \(name):
            organization: \(organization)
            tokens:
              - sha256: \(TokenNew.hash(of: token))

        callbacks.yaml, below providers:

          \(name):
            url: "\(url)"
            signing_secrets: ["\(secret)"]

        For the partner, and shown this once:

          token   \(token)
          secret  \(secret)

        It sends with `Authorization: Bearer` and the token, and checks what it gets with the secret.
        """
    }

    /// - Throws: when it cannot be a provider's id in the files.
    static func name(_ text: String) throws -> String {
        guard text.wholeMatch(of: /[a-z0-9][a-z0-9-]{0,63}/) != nil else {
            throw ValidationError("'\(PrintableText.of(text))' is not made of a-z, 0-9 and - alone")
        }
        return text
    }
}
