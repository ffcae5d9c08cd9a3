import Broker
import Configuration
import Contracts
import Logging
import ServiceRuntime
import Testing

@Suite struct SettingsTests {
    private func settings(_ environment: [String: String]) -> Settings {
        Settings(ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment)))
    }

    @Test func readsVariablesAndFallsBack() {
        var settings = settings(["INTAKE_HTTP_PORT": "9000", "INTAKE_RETRY_AFTER": "250ms", "INTAKE_EMPTY": ""])
        #expect(settings.int("http.port", default: 8080, in: 0...65535) == 9000)
        #expect(settings.duration("retry.after", default: .seconds(1), in: .zero ... .seconds(9)) == .milliseconds(250))
        #expect(settings.string("absent", default: "x") == "x")
        #expect(settings.optionalString("empty") == nil)
        #expect(settings.problems.isEmpty)
    }

    @Test func collectsEveryProblemUnderTheNameThatTheOperatorSets() {
        var settings = settings([
            "INTAKE_HTTP_PORT": "eighty", "INTAKE_BATCH_SIZE": "0", "INTAKE_ADMIN_WAIT": "5 s",
            "INTAKE_DRY_RUN": "maybe",
            "INTAKE_LOG_LEVEL": "loud",
        ])
        _ = settings.int("http.port", default: 1, in: 0...65535)
        _ = settings.int("batch.size", default: 1, in: 1...9)
        _ = settings.duration("admin.wait", default: .zero, in: .zero ... .seconds(9))
        _ = settings.bool("dry-run", default: false)
        _ = settings.choice("log.level", default: Logger.Level.info)
        #expect(
            settings.problems.map(\.key) == [
                "http.port", "batch.size", "admin.wait", "dry-run", "log.level",
            ])
        #expect(settings.problems.allSatisfy { $0.description.hasPrefix("INTAKE_") })
        #expect(settings.problems[0].description.contains("INTAKE_HTTP_PORT"))
    }

    @Test(arguments: ["", "5", "s", "-1s", "1.5s", "5 s", "5d", "99999999999999999999s"])
    func otherTextIsNoDuration(_ text: String) {
        #expect(Duration(configured: text) == nil)
    }

    @Test func readsTheBrokersURL() {
        var settings = settings([
            "INTAKE_BROKER_URL": "amqp://app:p%40ss@mq1:5673/my%2Fvhost,amqp://app:p%40ss@[::1]:5674/my%2Fvhost"
        ])
        let connection = BrokerSettings(&settings, name: "test").connection
        #expect(settings.problems.isEmpty)
        #expect(connection.endpoints.map(\.description) == ["mq1:5673", "::1:5674"])
        #expect(connection.virtualHost == "my/vhost")
        #expect(connection.credentials == .plain(user: "app", password: "p@ss"))
        #expect(connection.tls == nil)
    }

    @Test(arguments: [
        "http://localhost", "amqp://", "localhost:5672", "amqp://h:99999/", "amqp://h/a/b", "amqp://h/?x=1",
        "amqp://a/,amqps://b/",
    ])
    func refusesOtherBrokerURLsWithoutShowingThem(_ url: String) {
        var settings = settings(["INTAKE_BROKER_URL": url.replacing("//h", with: "//user:secret@h")])
        _ = BrokerSettings(&settings, name: "test")
        #expect(settings.problems.map(\.key) == ["broker.url"])
        #expect(settings.problems.allSatisfy { !$0.description.contains("secret") })
    }

    @Test func tlsFilesMustBeThereAndComeInPairs() {
        var settings = settings([
            "INTAKE_BROKER_URL": "amqps://mq/", "INTAKE_BROKER_CA_FILE": "/nonexistent/ca.pem",
            "INTAKE_BROKER_KEY_FILE": "/nonexistent/key.pem",
        ])
        let connection = BrokerSettings(&settings, name: "test").connection
        #expect(connection.endpoints.first?.port == 5671)
        #expect(Set(settings.problems.map(\.key)) == ["broker.ca-file", "broker.key-file", "broker.certificate-file"])
    }

    @Test func anAdminListenerThatOthersReachNeedsAToken() {
        var open = settings(["INTAKE_ADMIN_HOST": "0.0.0.0"])
        _ = ProcessSettings(&open, name: "test")
        #expect(open.problems.map(\.key) == ["admin.token"])
        var guarded = settings(["INTAKE_ADMIN_HOST": "0.0.0.0", "INTAKE_ADMIN_TOKEN": "t"])
        _ = ProcessSettings(&guarded, name: "test")
        #expect(guarded.problems.isEmpty)
    }

    @Test func servicesDeclareUnlessTheyAreToldNotTo() {
        var silent = settings([:])
        #expect(ProcessSettings(&silent, name: "test").declaresTopology)
        var told = settings(["INTAKE_TOPOLOGY_DECLARE": "false"])
        #expect(!ProcessSettings(&told, name: "test").declaresTopology && told.problems.isEmpty)
        var wrong = settings(["INTAKE_TOPOLOGY_DECLARE": "maybe"])
        _ = ProcessSettings(&wrong, name: "test")
        #expect(wrong.problems.map(\.key) == ["topology.declare"])
    }

    @Test func thereIsOneShardUnlessThereAreToBeMore() {
        for (text, count) in [(nil, 1), ("1", 1), ("3", 3), ("64", 64)] as [(String?, Int)] {
            var settings = settings(text.map { ["INTAKE_SHARDS": $0] } ?? [:])
            #expect(ProcessSettings(&settings, name: "geocode").topology.shards == count)
            #expect(settings.problems.isEmpty)
        }
    }

    @Test(arguments: ["0", "-1", "abc", "1000", "65"])
    func aNumberOfShardsThatIsNoneIsNamed(_ text: String) {
        var settings = settings(["INTAKE_SHARDS": text])
        _ = ProcessSettings(&settings, name: "geocode")
        #expect(
            settings.problems.map(\.description)
                == ["INTAKE_SHARDS (shards): '\(text)' is not a whole number from 1 to 64"])
    }

    @Test(arguments: ["In take", "UPPER", "a.b", ""])
    func aPrefixIsAPlainWord(_ prefix: String) {
        var settings = settings(["INTAKE_TOPOLOGY_PREFIX": prefix])
        let process = ProcessSettings(&settings, name: "test")
        #expect(settings.problems.isEmpty == prefix.isEmpty)
        if prefix.isEmpty { #expect(process.topology.prefix == "intake") }
    }
}
