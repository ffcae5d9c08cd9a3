import ArgumentParser
import Foundation
import Terminal
import Testing

@testable import Operator

/// What all commands have in common.
@Suite struct OutputTests {
    private static let text = "SERVICE  STATE  LAST SEEN\ningest   NOT READY  x\n\nNothing needs a person.\n"

    @Test func coloursAreForATerminalThatHasThem() {
        let painted = Ink(isTerminal: true, environment: ["TERM": "xterm", "NO_COLOR": ""]).paint(Self.text)
        #expect(
            painted == """
                \u{1B}[1mSERVICE  STATE  LAST SEEN\u{1B}[0m
                ingest   \u{1B}[1;31mNOT READY\u{1B}[0m  x

                \u{1B}[32mNothing needs a person.\u{1B}[0m

                """)
        for (isTerminal, environment) in [(false, [:]), (true, ["NO_COLOR": "1"]), (true, ["TERM": "dumb"])] {
            #expect(Ink(isTerminal: isTerminal, environment: environment).paint(Self.text) == Self.text)
        }
    }

    /// For programs every command says as JSON what it says to people, but those whose output is a file of its own
    /// kind.
    @Test func everyCommandHasJSON() throws {
        let others: Set = ["intake-coverage-map", "intake-topology-definitions"]
        for command in try CommandTree.ofIntake().all where command.children.isEmpty {
            let names = (command.arguments ?? []).flatMap { $0.names ?? [] }.map(\.name)
            #expect(names.contains("json") != others.contains(command.pageName), "\(command.pageName)")
        }
    }

    /// A default is written as it is typed, and not as the compiler sees it.
    @Test func noHelpShowsWhatOnlyProgrammersRead() throws {
        for command in try CommandTree.ofIntake().all {
            for argument in command.arguments ?? [] {
                let value = argument.defaultValue ?? ""
                #expect(!value.contains("(") && !value.contains(" seconds"), "\(command.pageName): \(value)")
            }
        }
        #expect(Audit.helpMessage(columns: 200).contains("(default: 15m)"))
    }

    @Test func whoTypesIsKnownByTheAccountWhereTheShellSaysNothing() {
        #expect(OperatorName.current(["SUDO_USER": "ada", "USER": "root"]).hasPrefix("ada@"))
        #expect(OperatorName.current(["USER": "", "LOGNAME": "bea"]).hasPrefix("bea@"))
        let unsaid = OperatorName.current([:])
        #expect(unsaid.hasPrefix(OperatorName.account(getuid()) + "@") && !unsaid.hasPrefix("unknown"))
        #expect(OperatorName.account(0) == "root" && OperatorName.account(4_242_424) == "uid-4242424")
    }
}
