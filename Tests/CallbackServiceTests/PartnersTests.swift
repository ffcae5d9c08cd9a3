import Contracts
import Foundation
import ServiceRuntime
import TestSupport
import Testing

@testable import CallbackService

@Suite struct PartnersTests {
    private func parse(
        _ yaml: String, files: [String: String] = [:], environment: [String: String] = [:]
    ) throws -> Partners {
        try Partners.parse(
            Array(yaml.utf8),
            secrets: SecretSources(
                readFile: { path in
                    guard let content = files[path] else { throw CocoaError(.fileNoSuchFile) }
                    return Array(content.utf8)
                },
                environment: { environment[$0] }))
    }

    private func problems(_ yaml: String, files: [String: String] = [:]) -> [String] {
        do {
            _ = try parse(yaml, files: files)
            return []
        } catch {
            return (error as? FileProblems)?.problems ?? ["\(error)"]
        }
    }

    @Test func readsWhatItShould() throws {
        let partners = try parse(
            """
            providers:
              portal:
                url: https://portal.example/api/requests/{providerRequestId}
                authorization: "Bearer t0ken"
                timeout: 2500ms
              plain:
                url: http://127.0.0.1:8090/{providerRequestId}
                allow: [http, private-networks]
            """)
        #expect(
            partners.byID == [
                "portal": Partner(
                    id: "portal", url: try URLTemplate("https://portal.example/api/requests/{providerRequestId}"),
                    authorization: Secret("Bearer t0ken"), timeout: .milliseconds(2500)),
                "plain": Partner(
                    id: "plain", url: try URLTemplate("http://127.0.0.1:8090/{providerRequestId}"),
                    timeout: .seconds(15), allowances: [.http, .privateNetworks]),
            ])
    }

    @Test func readsEverythingThereIs() throws {
        let secrets = ["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", "whsec_FxYVFBMSERAPDg0MCwoJCAcGBQQDAgEA"]
        let partners = try parse(
            """
            providers:
              portal:
                url: https://portal.internal/{providerRequestId}
                headers: {X-Portal-Key: abc, X-Number: 7}
                signing_secrets: ["\(secrets[0])", "\(secrets[1])"]
                receipt:
                  status: [200, 202]
                  body:
                    - {pointer: /error, is: absent}
                    - {pointer: /id, is: present}
                    - {pointer: /ok, equals: true}
                    - {text: "^OK"}
                    - {not_text: "error"}
                body: {detail: full, names: {acceptance: isAccepted}}
                statuses: {completed: done}
                concurrency: 32
                rate: 3000/m
                allow: [private-networks]
                ca_file: ca.pem
                proxy: http://proxy.internal:3128
            """, files: ["ca.pem": TestCertificates.authority])
        let error = try #require(JSONPointer("/error"))
        let identifier = try #require(JSONPointer("/id"))
        let flag = try #require(JSONPointer("/ok"))
        #expect(
            partners["portal"]
                == Partner(
                    id: "portal", url: try URLTemplate("https://portal.internal/{providerRequestId}"),
                    headers: [
                        .init(name: "X-Portal-Key", value: Secret("abc")), .init(name: "X-Number", value: Secret("7")),
                    ],
                    signingSecrets: try secrets.map { try SigningSecret($0) },
                    receipt: ReceiptRule(
                        statuses: [200, 202],
                        body: [
                            .absent(error), .present(identifier), .equals(flag, .bool(true)),
                            .text(try TextPattern("^OK")), .notText(try TextPattern("error")),
                        ]),
                    body: CallbackBody(
                        detail: .full, names: [.acceptance: "isAccepted"], statuses: [.completed: "done"]),
                    concurrency: 32, rate: 50, allowances: [.privateNetworks],
                    certificateAuthorities: Array(TestCertificates.authority.utf8),
                    proxy: .init(host: try PartnerHost("proxy.internal"), port: 3128)))
        #expect(
            partners["portal"]?.receipt.description
                == "status 200, 202; /error is absent; /id is present; /ok equals true; the text matches ^OK; "
                + "the text does not match error")
    }

    @Test func takesSigningSecretsFromAFileOrTheEnvironment() throws {
        let secrets = ["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", "whsec_FxYVFBMSERAPDg0MCwoJCAcGBQQDAgEA"]
        let partners = try parse(
            """
            providers:
              a: {url: "https://h/{providerRequestId}", signing_secrets_file: /run/secrets/a}
              b: {url: "https://h/{providerRequestId}", signing_secrets_env: B_SECRETS}
            """, files: ["/run/secrets/a": secrets.joined(separator: "\n") + "\n"],
            environment: ["B_SECRETS": secrets.joined(separator: ", ")])
        #expect(partners["a"]?.signingSecrets.map(\.text.revealed) == secrets)
        #expect(partners["b"]?.signingSecrets == partners["a"]?.signingSecrets)
    }

    @Test(
        arguments: [
            ("receipt: {status: [200, 500]}", "receipt.status[1]", "must be a status from 200 to 299 or 400 to 499"),
            ("receipt: {status: all}", "receipt.status", "must be 2xx or a list of statuses"),
            ("receipt: {status: []}", "receipt.status", "must be 2xx or a list of statuses"),
            ("receipt: {body: [{pointer: error, is: absent}]}", "receipt.body[0].pointer", "must be a JSON pointer"),
            ("receipt: {body: [{pointer: /e, is: gone}]}", "receipt.body[0].is", "must be absent or present"),
            ("receipt: {body: [{pointer: /e}]}", "receipt.body[0]", "must have pointer with is or equals"),
            ("receipt: {body: [{pointer: /e, equals: 0x10}]}", "receipt.body[0].equals", "not a number that JSON has"),
            ("receipt: {body: [{pointer: /e, equals: 1_000}]}", "receipt.body[0].equals", "not a number that JSON has"),
            ("receipt: {body: [{pointer: /e, equals: .inf}]}", "receipt.body[0].equals", "not a number that JSON has"),
            ("receipt: {body: [{pointer: /e, text: a}]}", "receipt.body[0]", "must have pointer with is or equals"),
            ("receipt: {body: [{text: \"(\"}]}", "receipt.body[0].text", "is not a regular expression"),
            (#"receipt: {body: [{text: '(a)\1'}]}"#, "receipt.body[0].text", "invalid escape sequence"),
            ("receipt: {body: [{not_text: '(?!a)'}]}", "receipt.body[0].not_text", "invalid perl operator: (?!"),
            ("receipt: {body: [{not_text: \"[a\"}]}", "receipt.body[0].not_text", "is not a regular expression"),
            ("receipt: {body: {text: a}}", "receipt.body", "must be a list"),
            ("receipt: {bodies: []}", "receipt.bodies", "is not known here"),
            ("permanent: 404", "permanent", "must be a list"),
            ("permanent: [503]", "permanent[0]", "must be a status from 400 to 499"),
            ("permanent: [404, all]", "permanent[1]", "must be a status from 400 to 499"),
            ("body: {detail: all}", "body.detail", "must be basic or full"),
            ("body: {names: {sequence: n}}", "body.names.sequence", "is not known here"),
            ("body: {names: {acceptance: status}}", "body.names", "gives two fields the same name"),
            ("statuses: {done: x}", "statuses.done", "is not known here"),
            // A null is no text of four letters.
            ("statuses: {completed: null}", "statuses.completed", "must be text"),
            ("headers: {X-A: ~}", "headers.X-A", "must be text"),
            ("signing_secrets: [whsec_s3cret!]", "signing_secrets[0]", "is not base64 after whsec_"),
            ("signing_secrets: [\"whsec_czNjcmV0\"]", "signing_secrets[0]", "has 6 bytes, not 24 to 64"),
            ("signing_secrets: []", "signing_secrets", "gives no secret"),
            ("signing_secrets: whsec_s3cret", "signing_secrets", "must be a list"),
            ("signing_secrets_env: NOT_SET", "signing_secrets_env", "the environment variable is not set"),
            ("signing_secrets_file: /not/there", "signing_secrets_file", "the file cannot be read"),
            ("headers: {Content-Length: 5}", "headers.Content-Length", "is a header that Intake or the connection"),
            ("headers: {Transfer-Encoding: x}", "headers.Transfer-Encoding", "is a header that Intake"),
            ("headers: {webhook-id: x}", "headers.webhook-id", "is a header that Intake"),
            ("headers: {Host: x}", "headers.Host", "is a header that Intake"),
            ("headers: {\"X Y\": x}", "headers.X Y", "is not the name of a header"),
            ("headers: {X-A: s3cret, x-a: s3cret}", "headers.x-a", "is given twice"),
            ("headers: {X-A: \"s3cret\\r\\nB: c\"}", "headers.X-A", "gives a value that cannot stand in a header"),
            ("concurrency: 0", "concurrency", "must be a whole number from 1 to 4096"),
            ("concurrency: 5000", "concurrency", "must be a whole number from 1 to 4096"),
            ("rate: fast", "rate", "must be a number from 1 to 1000000 and a time"),
            ("rate: 0/s", "rate", "must be a number from 1 to 1000000 and a time"),
            ("rate: 5/d", "rate", "must be a number from 1 to 1000000 and a time"),
            ("allow: [everything]", "allow[0]", "must be http or private-networks"),
            ("allow: http", "allow", "must be a list"),
            ("ca_file: /not/there", "ca_file", "the file cannot be read"),
            ("ca_file: text", "ca_file", "the file holds no certificate in PEM form"),
            ("proxy: https://proxy:3128", "proxy", "must be http://host:port"),
            ("proxy: http://proxy", "proxy", "must be http://host:port"),
            ("proxy: http://u:s3cret@proxy:3128", "proxy", "without a user or password"),
            ("proxy: http://0x7f.1:3128", "proxy", "must be http://host:port"),
        ])
    func aFaultyEntryIsNamedWithItsPlaceAndLine(line: String, path: String, problem: String) {
        let found = problems(
            "providers:\n  a:\n    url: https://h/{providerRequestId}\n    \(line)\n", files: ["text": "s3cret"])
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.hasPrefix("providers.a.\(path) (line 4): ") == true, "\(found)")
        #expect(found.first?.contains(problem) == true, "\(found)")
        #expect(!found.joined().contains("s3cret"))
    }

    @Test func takesTheAuthorizationFromAFileOrTheEnvironment() throws {
        let partners = try parse(
            """
            providers:
              a: {url: "https://h/{providerRequestId}", authorization_file: /run/secrets/a}
              b: {url: "https://h/{providerRequestId}", authorization_env: B_TOKEN}
            """, files: ["/run/secrets/a": "from-file\n"], environment: ["B_TOKEN": "from-environment"])
        #expect(partners["a"]?.authorization == Secret("from-file"))
        #expect(partners["b"]?.authorization == Secret("from-environment"))
    }

    @Test func refusalsThatAreFinalAreNamed() throws {
        let entry = "providers:\n  a:\n    url: https://h/{providerRequestId}\n    permanent: [404, 422]\n"
        let partners = try Partners.parse(Array(entry.utf8), secrets: .ofProcess)
        #expect(partners["a"]?.permanent == [404, 422])
        #expect(
            problems(entry + "    receipt: {status: [200, 404]}\n")
                == ["providers.a.permanent[0] (line 4): is a receipt by receipt.status"])
    }

    @Test func namesAllProblemsAtOnce() {
        let found = problems(
            """
            providers:
              a:
                url: https://h/none
                authorization: x
                authorization_env: Y
                timeout: 15
              b:
                uri: https://h/{providerRequestId}
              c: text
              d:
                url: https://h/{providerRequestId}
                authorization_env: NOT_SET
                timeout: 2m
              e:
                url: https://h/{providerRequestId}
                authorization_file: /not/there
              f:
                url: https://h/{providerRequestId}
                authorization: ""
            retries: 3
            """)
        #expect(
            found == [
                "retries (line 20): is not known here; known are providers, notify",
                "providers.a.url (line 3): must contain {providerRequestId}",
                "providers.a (line 3): has authorization and authorization_env: only one of them may be given",
                "providers.a.timeout (line 6): must be a time such as 15s or 500ms",
                "providers.b.uri (line 8): is not known here; known are url, authorization, authorization_file, "
                    + "authorization_env, headers, signing_secrets, signing_secrets_file, signing_secrets_env, timeout, "
                    + "receipt, permanent, body, statuses, concurrency, rate, allow, ca_file, proxy; is it url?",
                "providers.b.url (line 8): is missing",
                "providers.c (line 9): must be a mapping of names to values",
                "providers.d.authorization_env (line 12): the environment variable is not set",
                "providers.d.timeout (line 13): must be between 100ms and 60s",
                "providers.e.authorization_file (line 16): the file cannot be read",
                "providers.f.authorization (line 19): is empty",
            ])
    }

    @Test(
        arguments: [
            ("", "providers: is missing"),
            ("other: 1", "providers: is missing"),
            ("- a", "the file (line 1): must be a mapping of names to values"),
            ("providers:", "providers (line 1): must be a mapping of names to values"),
            ("providers: [a]", "providers (line 1): must be a mapping of names to values"),
            ("providers:\n  a: {url: x}\n  a: {url: y}", "given twice"),
            ("providers:\n  1: {url: x}\n  \"1\": {url: y}", "1 given twice"),
            ("providers:\n  yes: {url: x}\n  'yes': {url: y}", "yes given twice"),
            ("providers: {a: {authorization: s3cret, url: [}", "line 1"),
        ])
    func aFileOfTheWrongShapeIsRefused(yaml: String, problem: String) {
        #expect(problems(yaml).contains { $0.contains(problem) }, "\(problems(yaml))")
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        #expect(throws: FileProblems(["is not UTF-8"])) { try Partners.parse([0xFF, 0xFE], secrets: .ofProcess) }
    }

    @Test(arguments: ["to\\nken", "to\\rken", "t\\u00f6ken", " token", "token ", "to\\0ken"])
    func anAuthorizationThatCannotBeAHeaderIsRefused(value: String) {
        let found = problems(
            "providers: {a: {url: \"https://h/{providerRequestId}\", authorization: \"\(value)\"}}")
        #expect(found.count == 1)
        #expect(found.first?.contains("cannot stand in a header") == true)
    }

    @Test func noProblemAndNoDescriptionHoldsASecret() throws {
        let faulty = """
            providers:
              a: {url: "https://h/{providerRequestId}", authorization: "s3cret\\n"}
              b: {url: "https://s3cret@h/{providerRequestId}"}
              c: {url: "https://h/{providerRequestId}", authorization: [s3cret]}
            """
        #expect(problems(faulty).count == 3)
        #expect(!problems(faulty).joined().contains("s3cret"))
        #expect(!problems("providers: {a: {authorization: s3cret, url: [}").joined().contains("s3cret"))
        let partners = try parse(
            "providers: {a: {url: \"https://h/k-s3cret/{providerRequestId}\", authorization: s3cret}}")
        let secret = try #require(partners["a"]?.authorization)
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!"\(secret) \(String(reflecting: secret)) \(dumped)".contains("s3cret"))
    }
}
