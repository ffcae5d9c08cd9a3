import Configuration
import ServiceRuntime
import Testing

/// The list of keys.
@Suite
struct AskedKeysTests {
    private func settings(_ environment: [String: String] = [:]) -> Settings {
        Settings(
            ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment)), isListing: true)
    }

    @Test func everyKeyIsAVariableOnceByName() {
        var settings = settings()
        _ = settings.int("http.port", default: 1, in: 0...9)
        _ = settings.string("admin.host", default: "x")
        _ = settings.optionalString("http.port")
        _ = settings.duration("outbox.age-limit", default: .zero, in: .zero ... .zero)
        #expect(
            settings.keys == [
                "INTAKE_ADMIN_HOST\toptional", "INTAKE_HTTP_PORT\toptional", "INTAKE_OUTBOX_AGE_LIMIT\toptional",
            ])
    }

    @Test func aSecretHasTwoAndBothAreRequiredWhereOneIs() {
        var settings = settings()
        _ = settings.secret("a.token")
        _ = settings.secret("b.token", need: "here")
        #expect(
            settings.keys == [
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
            settings.keys == [
                "INTAKE_B_TOKEN\toptional", "INTAKE_B_TOKEN_FILE\toptional", "INTAKE_X_FILE\toptional",
                "INTAKE_Y_FILE\trequired",
            ])
        // No file was looked for.
        #expect(settings.problems.isEmpty)
    }

    @Test func aWrongValueIsNotAMissingOne() {
        var settings = settings(["INTAKE_HTTP_PORT": "many"])
        _ = settings.int("http.port", default: 1, in: 0...9)
        #expect(settings.keys == ["INTAKE_HTTP_PORT\toptional"])
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
            return settings.keys.first { $0.hasPrefix("INTAKE_ADMIN_TOKEN\t") }
        }
        #expect(token([:]) == "INTAKE_ADMIN_TOKEN\toptional")
        #expect(token(["INTAKE_ADMIN_HOST": "0.0.0.0"]) == "INTAKE_ADMIN_TOKEN\trequired")
    }
}
