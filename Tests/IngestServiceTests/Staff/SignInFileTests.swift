import AdminAPI
import Contracts
import OpenIDConnect
import Pages
import ServiceRuntime
import Testing

@testable import IngestService

@Suite("sign-in.yaml") struct SignInFileTests {
    static func text(_ issuer: String = "https://login.example/realms/relief", desk: String = "https://intake.example")
        -> String
    {
        """
        addresses:
          desk: \(desk)
          console: https://ops.example:8081/
        identity_providers:
          chapter:
            name: Chapter account
            issuer: \(issuer)
            client_id: intake
            client_secret_file: oidc
            rules:
              - {claim: groups, has: coordinators, organization: relief-org, may: write}
              - {claim: [realm_access, roles], has: operator, may: operate}
              - {claim: [groups], has: staff, organization: relief-org, may: read}
        """
    }

    private static func parse(_ text: String, secret: String? = "s3cret\nmore") throws(FileProblems) -> SignInFile {
        try SignInFile.parse(
            Array(text.utf8), files: { $0 == "oidc" ? secret.map { Array($0.utf8) } : nil },
            environment: { $0 == "OIDC" ? "from-environment" : nil })
    }

    private static func problems(_ text: String, secret: String? = "s3cret") -> [String] {
        do throws(FileProblems) {
            _ = try parse(text, secret: secret)
            return []
        } catch { return error.problems }
    }

    @Test func agoodOneIsTaken() throws {
        let file = try Self.parse(Self.text())
        #expect(file.addresses == [.desk: "https://intake.example", .console: "https://ops.example:8081"])
        let provider = try #require(file.providers.first)
        #expect(provider.registration.secret == Secret("s3cret"))
        #expect(provider.registration.scopes == ["openid", "email", "profile"] && provider.addresses == .verified)
        #expect(provider.rules.map(\.role) == [.write, .operate, .read] && provider.rules[1].organization == nil)
        #expect(provider.wanted == ["email", "email_verified", "name", "groups", "realm_access"])
        #expect(!"\(file)".contains("s3cret"))
        let other = try Self.parse(
            Self.text().replacing(
                "client_secret_file: oidc",
                with: "client_secret_env: OIDC\n    emails: trusted\n    scopes: [groups, openid]"))
        #expect(other.providers.first?.registration.secret == Secret("from-environment"))
        #expect(other.providers.first?.addresses == .trusted)
        for text in ["", "identity_providers: {}"] { #expect(try Self.parse(text).providers.isEmpty) }
    }

    @Test(arguments: [
        ("issuer: https", "issuer: http", "identity_providers.chapter.issuer (line 7): must be an https address"),
        ("relief\n    client_id", "relief?x=1\n    client_id", "identity_providers.chapter.issuer (line 7): "),
        ("issuer: https://login.example/realms/relief", "x: y", "identity_providers.chapter.x (line 7): is not known"),
        ("client_id: intake", "client_id: ''", "identity_providers.chapter.client_id (line 8): is empty"),
        (
            "file: oidc", "file: other",
            "identity_providers.chapter.client_secret_file (line 9): the file cannot be read"
        ),
        ("file: oidc", "env: NONE", "identity_providers.chapter.client_secret_env (line 9): gives no secret"),
        ("_file: oidc", ": oidc", "identity_providers.chapter.client_secret (line 9): is not known here"),
        (
            "file: oidc", "file: oidc\n    client_secret_env: OIDC",
            "has client_secret_file and client_secret_env: only one of them may be given"
        ),
        ("chapter:", "cha/pter:", "identity_providers.cha/pter (line 6): is no name of a provider"),
        ("name: Chapter account", "name: \"a\\u202Eb\"", "identity_providers.chapter.name (line 6): must be 1 to 60"),
        ("client_id: intake", "client_id: intake\n    scopes: [email]", "scopes (line 9): must have openid among them"),
        ("client_id: intake", "client_id: intake\n    scopes: [openid, a b]", "scopes[1] (line 9): is no scope"),
        ("client_id: intake", "client_id: intake\n    emails: any", "emails (line 9): is neither verified nor trusted"),
        ("may: write", "may: fly", "rules[0].may (line 11): is missing or none of read, write, operate"),
        ("organization: relief-org, may: write", "may: write", "rules[0].organization (line 11): is missing"),
        ("may: operate", "organization: x, may: operate", "rules[1].organization (line 12): operators belong to none"),
        ("claim: [groups]", "claim: []", "rules[2].claim (line 13): is empty"),
        ("has: staff, ", "", "rules[2].has (line 13): is missing"),
        ("desk: https", "desk: http", "addresses.desk (line 2): must be https://name"),
        ("https://intake.example", "https://intake.example/desk", "addresses.desk (line 2): must be https://name"),
        ("console: https://ops.example:8081/", "", "let people into the console, and addresses.console is missing"),
        ("rules:", "rulez:", "identity_providers.chapter.rules (line 6): is missing"),
    ])
    func everythingThatIsWrongIsNamedWithItsLine(_ part: String, _ other: String, _ expected: String) {
        let problems = Self.problems(Self.text().replacing(part, with: other))
        #expect(problems.contains { $0.contains(expected) }, "\(problems)")
        #expect(!problems.contains { $0.contains("s3cret") })
    }

    @Test func asecretThatIsNoneIsNotShown() {
        for secret in ["", "\nx", "s3cr\u{1}et", String(repeating: "s3cret", count: 100), "s3cr\u{e9}t"] {
            let problems = Self.problems(Self.text(), secret: secret)
            #expect(
                problems.count == 1 && problems[0].hasSuffix("gives no secret: 1 to 255 printable ASCII characters"))
        }
        #expect(Self.problems("- a").count == 1 && Self.problems("{").count == 1)
    }

    @Test func rulesAreMetByWhatAClaimHolds() throws {
        func claims(_ text: String) throws -> Claims {
            guard case .object(let object) = try JSONValue(parsing: Array(text.utf8)) else {
                return Claims(subject: "s", [])
            }
            return Claims(subject: "s", [object])
        }
        let provider = try #require(try Self.parse(Self.text()).providers.first)
        for (text, role) in [
            (#"{"groups":["staff","coordinators"]}"#, .write), (#"{"groups":"coordinators"}"#, .write),
            (#"{"groups":["staff"]}"#, .read), (#"{"realm_access":{"roles":["operator"]}}"#, .operate),
            (#"{"realm_access":{"roles":["operator"]},"groups":["staff"]}"#, .operate),
            (#"{"groups":["Coordinators","coordinators ","coordinator"]}"#, nil),
            (#"{"groups":"staff coordinators"}"#, nil),
            (#"{"groups":[["coordinators"]]}"#, nil), (#"{"groups":{"coordinators":true}}"#, nil), ("{}", nil),
            (#"{"realm_access.roles":["operator"]}"#, nil), (#"{"realm_access":"operator"}"#, nil),
            (#"{"groups":null}"#, nil),
        ] as [(String, StaffMember.Role?)] {
            #expect(provider.rule(for: try claims(text))?.role == role, "\(text)")
        }
        let flag = ClaimRule(claim: ["staff"], value: "true", organization: "o", role: .read)
        #expect(flag.isMet(by: try claims(#"{"staff":true}"#)))
        #expect(!flag.isMet(by: try claims(#"{"staff":1}"#)))
    }
}
