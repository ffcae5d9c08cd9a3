import Testing

@testable import ServiceRuntime

/// A service's arguments.
@Suite
struct ServiceCommandTests {
    @Test func oneWordOrNone() {
        #expect(ServiceCommand([]) == .run)
        #expect(ServiceCommand(["health"]) == .health)
        #expect(ServiceCommand(["check"]) == .check)
        #expect(ServiceCommand(["keys"]) == .keys)
        #expect(ServiceCommand(["--version"]) == .version)
        #expect(ServiceCommand(["--help"]) == .help)
    }

    @Test(arguments: [[""], ["run"], ["Health"], ["health", "health"], ["--admin-port=1"], ["health", ""]])
    func anythingElseIsRefused(_ arguments: [String]) { #expect(ServiceCommand(arguments) == nil) }

    @Test func theUsageHasEveryWord() {
        #expect(
            ServiceCommand.usage("geocode-service")
                == "usage: geocode-service [health | check | keys | --version | --help]")
        let other = MaintenanceCommand("sweep", arguments: "FILE", meaning: "sweeps FILE.") { _, _ in nil }
        #expect(
            ServiceCommand.usage("x-service", [other])
                == "usage: x-service [health | check | keys | --version | --help]\n       x-service sweep FILE")
        #expect(ServiceCommand.help("x-service", [other]).hasSuffix("\nsweep: sweeps FILE."))
    }

    @Test func aMaintenanceCommandEndsWithItsStatus() async {
        let command = MaintenanceCommand("sweep", arguments: "FILE", meaning: "") { words, settings in
            guard let word = words.first else { return nil }
            if word == "unset" { settings.reject("x", "is not set") }
            return { if word == "missing" { throw MaintenanceCommand.Failure(text: "no such file") } }
        }
        for (words, status) in [([], 64), (["unset"], 78), (["missing"], 1), (["there"], 0)] as [([String], Int32)] {
            #expect(await command.run("x-service", words) == status)
        }
    }

    @Test(arguments: [
        ("one\ntwo", "one two"), ("one\r\n  two\n", "one   two"), ("a\u{1B}[31mb", "a [31mb"), ("as it is", "as it is"),
    ])
    func whatIsQuotedStaysOnOneLine(_ text: String, _ line: String) { #expect(OneLine.of(text) == line) }
}
