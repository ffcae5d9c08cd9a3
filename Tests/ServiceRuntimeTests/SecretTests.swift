import Broker
import Configuration
import Foundation
import ServiceRuntime
import TestSupport
import Testing

/// Secrets.
@Suite
struct SecretTests {
    private func settings(_ environment: [String: String]) -> Settings {
        Settings(ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment)))
    }

    /// What is read, and what is wrong, when a secret's file holds these bytes.
    private func read(_ bytes: [UInt8]) throws -> (secret: String?, problems: [Settings.Problem], path: String) {
        let path = "\(try TestDirectory.make("secret"))/token"
        try Data(bytes).write(to: URL(filePath: path))
        var settings = settings(["INTAKE_ADMIN_TOKEN_FILE": path])
        return (settings.secret("admin.token"), settings.problems, path)
    }

    @Test(arguments: [
        "open sesame", "open sesame\n", "open sesame\r\n", "open sesame\n# and what else is in the file\n",
    ])
    func aFilesFirstLineIsTheSecret(_ text: String) throws {
        let (secret, problems, _) = try read(Array(text.utf8))
        #expect(secret == "open sesame")
        #expect(problems.isEmpty)
    }

    @Test(
        arguments: [
            ([], "has an empty first line"),
            (Array("\nsecond-line".utf8), "has an empty first line"),
            (Array("  \nsecond-line".utf8), "has an empty first line"),
            (Array("s3cr3t\u{0}".utf8), "has a control character in its first line"),
            (Array("s3cr3t\tb".utf8), "has a control character in its first line"),
            ([0x73, 0x33, 0xFF, 0xFE], "is not UTF-8"),
            ([UInt8](repeating: 0x73, count: 4097), "is larger than 4096 bytes"),
        ] as [([UInt8], String)])
    func aFileThatHoldsNoneIsNamedAndNotQuoted(_ bytes: [UInt8], _ problem: String) throws {
        let (secret, problems, path) = try read(bytes)
        #expect(secret == nil)
        #expect(
            problems.map(\.description) == ["INTAKE_ADMIN_TOKEN_FILE (admin.token-file): \(path) \(problem)"])
    }

    @Test func fourKiBAreNotTooMuch() throws {
        #expect(try read([UInt8](repeating: 0x73, count: 4096)).secret?.utf8.count == 4096)
    }

    @Test func aFileThatIsNotThereIsNamed() throws {
        let directory = try TestDirectory.make("secret")
        for (path, problem) in [
            ("\(directory)/none", "cannot be read: No such file or directory"), (directory, "is a directory"),
        ] {
            var settings = settings(["INTAKE_ADMIN_TOKEN_FILE": path])
            #expect(settings.secret("admin.token") == nil)
            #expect(settings.problems == [.init(key: "admin.token-file", text: "\(path) \(problem)")])
        }
    }

    @Test func onlyOneOfTheTwoMayBeGiven() {
        var settings = settings(["INTAKE_ADMIN_TOKEN": "s3cr3t", "INTAKE_ADMIN_TOKEN_FILE": "/run/secrets/admin"])
        #expect(settings.secret("admin.token") == nil)
        #expect(
            settings.problems.map(\.description) == [
                "INTAKE_ADMIN_TOKEN_FILE (admin.token-file): is given together with INTAKE_ADMIN_TOKEN (admin.token): only one of them may be"
            ])
    }

    @Test func emptyIsAbsent() {
        var settings = settings(["INTAKE_ADMIN_TOKEN": "s3cr3t", "INTAKE_ADMIN_TOKEN_FILE": ""])
        #expect(settings.secret("admin.token") == "s3cr3t")
        #expect(settings.secret("other.token") == nil)
        #expect(settings.problems.isEmpty)
    }

    @Test func aSecretThatMustBeThereSaysWhyAndHow() {
        var settings = settings([:])
        #expect(settings.secret("admin.token", need: "when others reach it") == nil)
        #expect(
            settings.problems.map(\.description) == [
                "INTAKE_ADMIN_TOKEN (admin.token): is required when others reach it; INTAKE_ADMIN_TOKEN_FILE may name a file that holds it"
            ])
    }

    @Test func theBrokersPasswordIsTheFilesWhateverTheURLSays() throws {
        let path = "\(try TestDirectory.make("secret"))/broker-geocode"
        try "from the file\n".write(toFile: path, atomically: true, encoding: .utf8)
        for url in ["amqp://intake-geocode@mq/", "amqp://intake-geocode:other@mq/"] {
            var settings = settings(["INTAKE_BROKER_URL": url, "INTAKE_BROKER_PASSWORD_FILE": path])
            let connection = BrokerSettings(&settings, name: "test").connection
            #expect(settings.problems.isEmpty)
            #expect(connection.credentials == .plain(user: "intake-geocode", password: "from the file"))
        }
    }

    @Test func aUserOfTheBrokerNeedsAPassword() {
        var without = settings(["INTAKE_BROKER_URL": "amqp://intake-geocode@mq/"])
        _ = BrokerSettings(&without, name: "test")
        #expect(without.problems.map(\.key) == ["broker.password"])
        #expect(without.problems.first?.text.contains("intake-geocode") == true)
        // Nobody is named: it is who RabbitMQ knows from the start.
        var nobody = settings(["INTAKE_BROKER_URL": "amqp://mq/"])
        #expect(
            BrokerSettings(&nobody, name: "test").connection.credentials == .plain(user: "guest", password: "guest"))
        #expect(nobody.problems.isEmpty)
    }

    @Test func credentialsPrintWithoutThePassword() {
        var settings = settings(["INTAKE_BROKER_URL": "amqp://app:s3cr3t@mq/"])
        let credentials = BrokerSettings(&settings, name: "test").connection.credentials
        #expect("\(credentials)" == "user app")
    }
}
