import Configuration
import ServiceRuntime
import Testing

/// The list of keys.
@Suite
struct AskedKeysTests {
    private func settings(_ environment: [String: String] = [:]) -> Settings {
        Settings(
            ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment)), for: .listing)
    }

    private func needs(_ settings: Settings) -> [String] {
        settings.keys.map { $0.line.split(separator: "\t").prefix(2).joined(separator: "\t") }
    }

    @Test func aLineHasAllThatIsKnown() {
        var settings = settings()
        _ = settings.int("a.port", default: 80, in: 0...9, meaning: "A port.")
        _ = settings.int("b.port", default: 8, in: 0...9, meaning: "A port.")
        _ = settings.duration(
            "c.time", default: .seconds(60), in: .milliseconds(1)...(.seconds(90)), meaning: "A time.")
        _ = settings.secret("d.token", meaning: "A secret.")
        // Asked for again, by who knows less.
        _ = settings.optionalString("b.port")
        #expect(
            settings.keys.map(\.line) == [
                "INTAKE_A_PORT\toptional\ta.port\t\t0 to 9\tA port.",
                "INTAKE_B_PORT\toptional\tb.port\t8\t0 to 9\tA port.",
                "INTAKE_C_TIME\toptional\tc.time\t1m\t1ms to 90s\tA time.",
                "INTAKE_D_TOKEN\toptional\td.token\t\ttext\tA secret.",
                "INTAKE_D_TOKEN_FILE\toptional\td.token-file\t\tpath\tA file with `d.token` in its first line.",
            ])
    }

    @Test func everyKeyIsAVariableOnceByName() {
        var settings = settings()
        _ = settings.int("http.port", default: 1, in: 0...9)
        _ = settings.string("admin.host", default: "x")
        _ = settings.optionalString("http.port")
        _ = settings.duration("outbox.age-limit", default: .zero, in: .zero ... .zero)
        #expect(
            needs(settings) == [
                "INTAKE_ADMIN_HOST\toptional", "INTAKE_HTTP_PORT\toptional", "INTAKE_OUTBOX_AGE_LIMIT\toptional",
            ])
    }

    @Test func aSecretHasTwoAndBothAreRequiredWhereOneIs() {
        var settings = settings()
        _ = settings.secret("a.token")
        _ = settings.secret("b.token", need: "here")
        #expect(
            needs(settings) == [
                "INTAKE_A_TOKEN\toptional", "INTAKE_A_TOKEN_FILE\toptional", "INTAKE_B_TOKEN\trequired",
                "INTAKE_B_TOKEN_FILE\trequired",
            ])
    }

    @Test func whatIsSetIsNotRequiredAnyMore() {
        var settings = settings(["INTAKE_B_TOKEN_FILE": "/nowhere/b-token", "INTAKE_X_FILE": "/nowhere/x.yaml"])
        _ = settings.secret("b.token", need: "here")
        _ = settings.file("x.file", default: "x.yaml") { bytes throws(FileProblems) in bytes }
        _ = settings.file("y.file", default: "y.yaml") { bytes throws(FileProblems) in bytes }
        #expect(
            needs(settings) == [
                "INTAKE_B_TOKEN\toptional", "INTAKE_B_TOKEN_FILE\toptional", "INTAKE_X_FILE\toptional",
                "INTAKE_Y_FILE\trequired",
            ])
        // No file was looked for.
        #expect(settings.problems.isEmpty)
    }

    @Test func aWrongValueIsNotAMissingOne() {
        var settings = settings(["INTAKE_HTTP_PORT": "many"])
        _ = settings.int("http.port", default: 1, in: 0...9)
        #expect(needs(settings) == ["INTAKE_HTTP_PORT\toptional"])
    }

    @Test func nothingIsOpened() {
        var settings = settings()
        let opened = settings.opened("store.path") { () throws(FileProblems) in
            Issue.record("it was opened")
            return true
        } problem: {
            $0.description
        }
        #expect(opened == nil)
    }

    @Test func whetherThereMustBeATokenDependsOnTheAddress() {
        func token(_ environment: [String: String]) -> String? {
            var settings = settings(environment)
            _ = ProcessSettings(&settings, name: "test")
            return needs(settings).first { $0.hasPrefix("INTAKE_ADMIN_TOKEN\t") }
        }
        #expect(token([:]) == "INTAKE_ADMIN_TOKEN\toptional")
        #expect(token(["INTAKE_ADMIN_HOST": "0.0.0.0"]) == "INTAKE_ADMIN_TOKEN\trequired")
    }
}
