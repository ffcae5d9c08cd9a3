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
    }

    @Test(arguments: [
        ("one\ntwo", "one two"), ("one\r\n  two\n", "one   two"), ("a\u{1B}[31mb", "a [31mb"), ("as it is", "as it is"),
    ])
    func whatIsQuotedStaysOnOneLine(_ text: String, _ line: String) { #expect(OneLine.of(text) == line) }
}
