import Foundation
import ServiceRuntime
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

    private func problems(_ yaml: String) -> [String] {
        do {
            _ = try parse(yaml)
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
            """)
        #expect(
            partners.byID == [
                "portal": Partner(
                    url: try URLTemplate("https://portal.example/api/requests/{providerRequestId}"),
                    authorization: Secret("Bearer t0ken"), timeout: .milliseconds(2500)),
                "plain": Partner(
                    url: try URLTemplate("http://127.0.0.1:8090/{providerRequestId}"), authorization: nil,
                    timeout: .seconds(15)),
            ])
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
                "retries (line 20): is not known here; known are providers",
                "providers.a.url (line 3): must contain {providerRequestId}",
                "providers.a (line 3): has authorization and authorization_env: only one of them may be given",
                "providers.a.timeout (line 6): must be a time such as 15s or 500ms",
                "providers.b.uri (line 8): is not known here; known are url, authorization, authorization_file, "
                    + "authorization_env, timeout",
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
