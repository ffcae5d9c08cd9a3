import Crypto
import Foundation
import HTTPTypes
import NIOCore
import Terminal
import TestSupport
import Testing

@testable import PartnerSimulator

/// The simulated partner's side of Standard Webhooks.
@Suite struct CallbackSignaturesTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private static let other = "whsec_ZGVtby1zZWNyZXQtbm90LWZvci1wcm9kdWN0aW9uISE="
    private static let now = Date(timeIntervalSince1970: 1_614_265_330)
    /// The example that the standard's libraries share.
    private static let example = [
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ]

    private func verdict(
        _ changes: [String: String] = [:], without absent: String? = nil, secrets: [String] = [secret],
        body: String = #"{"test": 2432232314}"#, after seconds: Double = 0
    ) throws -> CallbackSignatures.Verdict {
        var fields = HTTPFields()
        for (name, value) in Self.example.merging(changes, uniquingKeysWith: { $1 }) where name != absent {
            fields[try #require(HTTPField.Name(name))] = value
        }
        return try CallbackSignatures(secrets: secrets).verdict(
            fields, ByteBuffer(string: body), now: Self.now + seconds)
    }

    @Test func theStandardsExampleIsGoodByAnyOfSeveralSecrets() throws {
        #expect(try verdict() == .verified)
        #expect(try verdict(secrets: [Self.other, Self.secret]) == .verified)
        let signature = try #require(Self.example["webhook-signature"])
        #expect(try verdict(["webhook-signature": "v1a,x v1,AAAA \(signature)"]) == .verified)
        #expect(try verdict(after: 299) == .verified && verdict(after: -299) == .verified)
    }

    @Test func everythingElseIsNot() throws {
        for name in Self.example.keys {
            #expect(try verdict(without: name) == .missing)
            #expect(try verdict([name: ""]) == .missing)
            #expect(try verdict([name: "x"]) == .wrong)
        }
        #expect(try verdict(secrets: [Self.other]) == .wrong)
        #expect(try verdict(body: #"{"test": 2432232315}"#) == .wrong)
        #expect(try verdict(after: 301) == .wrong && verdict(after: -301) == .wrong)
        for time in ["-1", "1614265330.0", "99999999999999999999", "1 614265330", "٣"] {
            #expect(try verdict(["webhook-timestamp": time]) == .wrong)
        }
        #expect(try verdict(["webhook-signature": "v1,"]) == .wrong)
    }

    @Test func aSecretThatIsNoneIsNotRepeated() {
        for secret in ["", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_%%%%"] {
            let error = #expect(throws: CommandError.self) {
                _ = try CallbackSignatures(secrets: [Self.secret, secret])
            }
            #expect(error?.description == "signing secret 2 is not whsec_ and the base64 of 24 to 64 bytes")
        }
    }

    @Test func secretsComeFromAFileToo() throws {
        let path = "\(try TestDirectory.make("secrets"))/secrets"
        try "\(Self.secret)\r\n\n  \(Self.other)\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try CallbackSignatures.secrets(inFile: path) == [Self.secret, Self.other])
        try "\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: CommandError.self) { _ = try CallbackSignatures.secrets(inFile: path) }
        #expect(throws: CommandError.self) { _ = try CallbackSignatures.secrets(inFile: path + "-none") }
    }

    /// One that is signed by another, or by nobody, is refused, counted, and what the run ends with.
    @Test(arguments: [(true, true), (false, true), (true, false)])
    func aRunCountsThemAndFailsForOne(isSigned: Bool, isKnown: Bool) async throws {
        let body = #"{"acceptance":true,"status":"new"}"#
        let signer = try #require(Data(base64Encoded: String((isKnown ? Self.secret : Self.other).dropFirst(6))))
        let time = Int(Date().timeIntervalSince1970)
        let code = HMAC<SHA256>.authenticationCode(for: Data("m.\(time).\(body)".utf8), using: .init(data: signer))
        let headers = [
            "webhook-id": "m", "webhook-timestamp": "\(time)",
            "webhook-signature": "v1,\(Data(code).base64EncodedString())",
        ]
        let signatures = try CallbackSignatures(secrets: [Self.secret])
        let isGood = isSigned && isKnown
        let report = try await FakeIntake().simulate(
            .madeUp(MadeUpRequests(count: 3, prefix: "s-", seed: 1)),
            configure: {
                $0.callbacks.signatures = signatures
                $0.timeout = isGood ? .seconds(30) : .milliseconds(200)
            },
            answer: { intake, post in
                let status = try await intake.call(post.id, body: body, headers: isSigned ? headers : [:])
                #expect(status == (isGood ? 200 : 401))
                return FakeIntake.accepted(post.id)
            })
        let counts = SimulationReport.Signatures(
            verified: isGood ? 3 : 0, missing: isSigned ? 0 : 3, wrong: isKnown ? 0 : 3)
        #expect(report.signatures == counts && report.succeeded == isGood)
        #expect(report.table.contains("signatures verified") && report.table.contains("wrong signatures") == !isKnown)
    }
}
