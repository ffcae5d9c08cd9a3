import Contracts

import struct Foundation.Date

@testable import IngestService
@testable import OpenIDConnect

extension Harness {
    static let provider = Harness(
        "provider",
        "what identity providers publish and sign, sign-in.yaml, and cookies of attempts, by the first byte"
    ) { input in
        let choice = input.byte() % 5
        let bytes = input.bytes
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        switch choice {
        case 0:
            guard let metadata = try? ProviderMetadata.parse(bytes, issuer: "https://login.example") else { return }
            let asked = [metadata.authorizationEndpoint, metadata.tokenEndpoint, metadata.keys]
            for address in asked + [metadata.userInfoEndpoint, metadata.endSessionEndpoint].compactMap(\.self) {
                demand(ProviderAddress.isGood(address, mayHaveQuery: true), "no other address is asked")
                demand(address.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "it can stand in a header")
            }
        case 1:
            for key in (try? KeySet.parse(bytes))?.keys ?? [] {
                demand(SigningAlgorithm.allCases.contains { $0.fits(key.kind) }, "a key is for something")
            }
        case 2:
            guard let (header, claims) = try? IDTokenVerifier.parts(of: input.text) else { return }
            demand(!header.hasRepeatedNames && !claims.hasRepeatedNames, "one value for one name")
            let verifier = IDTokenVerifier(
                issuer: "https://login.example", clientID: "intake", nonce: "n-1", now: now)
            _ = try? verifier.check(claims)
            _ = ClaimedPerson.of(Claims(subject: "s", [claims]), .verified)
        case 3: _ = try? SignInFile.parse(bytes, files: { _ in Array("secret".utf8) }, environment: { _ in "secret" })
        default:
            guard let attempt = SignInAttempt(cookie: input.text, for: "desk chapter", at: now) else { return }
            demand(SignInAttempt(cookie: attempt.cookie, for: "desk chapter", at: now) == attempt, "it comes back")
        }
    }
}
