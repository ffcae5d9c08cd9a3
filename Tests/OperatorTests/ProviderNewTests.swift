import ArgumentParser
import Foundation
import Testing

@testable import Operator

@Suite struct ProviderNewTests {
    @Test func aSecretIsOneOfStandardWebhooks() {
        let secrets = Set((0..<50).map { _ in SecretNew.secret() })
        #expect(secrets.count == 50)
        // 32 bytes.
        for secret in secrets { #expect(secret.wholeMatch(of: /whsec_[A-Za-z0-9+\/]{43}=/) != nil) }
    }

    /// Between the names that the files have to share nothing is left to do by hand.
    @Test func theEntriesGoTogether() throws {
        let text = ProviderNew.text(
            "portal-2", "relief", "https://p.example/{providerRequestId}", token: "t", secret: "whsec_x")
        let parts = text.components(separatedBy: "below providers:\n\n")
        let entry = { (part: String) in "providers:\n" + (part.components(separatedBy: "\n\n").first ?? "") + "\n" }
        let problems = try ConfigurationCheck(
            providers: FileNames(text: entry(parts[1]), file: "p"),
            coverage: FileNames(text: "organizations: {relief: {}}", file: "c"),
            callbacks: FileNames(text: entry(parts[2]), file: "b")
        ).problems()
        #expect(problems == [])
        #expect(parts[1].contains(TokenNew.hash(of: "t")) && parts[2].contains("[\"whsec_x\"]"))
    }

    @Test(arguments: [
        ["Portal"], ["a b"], [""], ["ok", "--organization", "relief"],
        ["ok", "--organization", "relief", "--callback-url", "p.example"],
        ["ok", "--organization", "a: b", "--callback-url", "https://p.example"],
        ["ok", "--organization", "", "--callback-url", "https://p.example"],
    ])
    func whatTheFilesCannotHoldIsRefused(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try Intake.parseAsRoot(["provider", "new"] + arguments) }
    }

    @Test func theCommandsAreThere() throws {
        #expect(try Intake.parseAsRoot(["secret", "new"]) is SecretNew)
        let arguments = [
            "portal", "--organization", "relief", "--callback-url", "https://p.example/{providerRequestId}",
        ]
        #expect(try Intake.parseAsRoot(["provider", "new"] + arguments) is ProviderNew)
    }
}
