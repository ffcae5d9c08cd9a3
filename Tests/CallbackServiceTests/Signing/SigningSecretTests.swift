import Foundation
import TestSupport
import Testing

@testable import CallbackService

@Suite struct SigningSecretTests {
    /// Made with the reference implementation in Python (PyPI standardwebhooks 1.1.0):
    /// `Webhook(secret).sign(id, datetime.fromtimestamp(timestamp, tz=timezone.utc), body)`. The secrets are the bytes
    /// 0 to 23 and 100 to 163.
    private static let vectors: [(secret: String, id: String, timestamp: Int, body: String, signature: String)] = [
        (
            short, "e7020304-0506-5708-890a-0b0c0d0e0f10", 1_800_000_000, #"{"acceptance":true,"status":"new"}"#,
            "v1,AFx0nH1JYTTmBR/Wqu+VPhGv9G1o3Hhi8nW4iPzZCQE="
        ),
        (
            short, "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", 1_674_087_231, unicode,
            "v1,+Bigbsj7fLmqMOZ89M38cHE3HYZKPHih2DHELrXyWZc="
        ),
        (short, "a", 0, "", "v1,N+Hx3edQLOlFWLC6mCr/sY5tyN1fcB3a/kg4SRyryWQ="),
        (
            long, "e7020304-0506-5708-890a-0b0c0d0e0f10", 1_800_000_000, #"{"acceptance":true,"status":"new"}"#,
            "v1,ovpFqN4Cet42EwQTf8BJcTdmbFy/+AHxyVPjlawep0Q="
        ),
        (
            long, "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", 1_674_087_231, unicode,
            "v1,7t4TWrJMiOIFvDfjPcA1D2Yi3kJtHfttvQ3tmbBwgEQ="
        ),
        (long, "a", 0, "", "v1,4YE3N4WxocN0jPFqMHYnc/TA4vFDKJgRJQEqHlS0sJo="),
    ]
    private static let short = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
    private static let long =
        "whsec_ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoOEhYaHiImKi4yNjo+QkZKTlJWWl5iZmpucnZ6foKGiow=="
    private static let unicode = #"{"acceptance":false,"status":"in progress","organization":"Zoë \"火\""}"#

    @Test func signsAsTheReferenceImplementationDoes() throws {
        for vector in Self.vectors {
            let secret = try SigningSecret(vector.secret)
            #expect(
                secret.signature(id: vector.id, timestamp: vector.timestamp, body: vector.body.utf8)
                    == vector.signature)
        }
    }

    @Test func aSecretWithoutPaddingIsTheSame() throws {
        let bare = try SigningSecret(String(Self.long.prefix { $0 != "=" }))
        let padded = try SigningSecret(Self.long)
        #expect(
            bare.signature(id: "a", timestamp: 0, body: "".utf8)
                == padded.signature(id: "a", timestamp: 0, body: "".utf8))
    }

    @Test(arguments: [
        ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", "does not start with whsec_"), ("", "does not start with whsec_"),
        ("whsec_", "has 0 bytes, not 24 to 64"),
        ("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY=", "has 23 bytes, not 24 to 64"),
        ("whsec_not base64!", "is not base64 after whsec_"),
        ("whsec_\(String(repeating: "AAAA", count: 22))", "has 66 bytes, not 24 to 64"),
    ])
    func aSecretThatIsNoneIsRefused(text: String, problem: String) {
        #expect(throws: SigningSecret.Problem(problem)) { try SigningSecret(text) }
    }

    /// A partner with the reference library takes what is sent, over a socket.
    @Test(.enabled(if: Self.python != nil, "needs python3 with the package standardwebhooks"))
    func theReferenceImplementationTakesACallback() async throws {
        let requests = Recorder<TestConnection.Request>()
        try await TestServer.serving { connection in
            while let request = try await connection.request() {
                requests.add(request)
                try await connection.answer("200 OK")
            }
        } _: { server in
            try await withClient(now: Date()) { client in
                let partner = try Partner.fixture(
                    server.template, signingSecrets: [SigningSecret(Self.long), SigningSecret(Self.short)])
                _ = try await client.tell(partner, .fixture(try #require(partner.url.url(for: "r-1"))))
            }
        }
        let request = try #require(requests.all.first)
        for secret in [Self.short, Self.long] {
            #expect(try Self.verify(request, secret) == 0)
            var altered = request
            altered.body += " "
            #expect(try Self.verify(altered, secret) != 0)
        }
    }

    private static func verify(_ request: TestConnection.Request, _ secret: String) throws -> Int32 {
        let names = ["webhook-id", "webhook-timestamp", "webhook-signature"]
        let script = """
            import sys
            from standardwebhooks.webhooks import Webhook
            Webhook(sys.argv[1]).verify(sys.argv[2], dict(zip(\(names), sys.argv[3:])))
            """
        return try run(
            try #require(python), ["-c", script, secret, request.body] + names.map { request.headers[$0] ?? "" })
    }

    /// A Python that has the package; `INTAKE_TEST_PYTHON` names one that is not in the usual place.
    private static let python: String? = {
        let named = ProcessInfo.processInfo.environment["INTAKE_TEST_PYTHON"]
        return [named, "/usr/bin/python3", "/usr/local/bin/python3"].compactMap { $0 }.first { path in
            // One that cannot be started has no package either.
            (try? run(path, ["-c", "import standardwebhooks"])) == 0
        }
    }()

    private static func run(_ path: String, _ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
