import ArgumentParser
import Foundation
import ServiceRuntime
import TestSupport
import Testing

@testable import Operator

/// Manual pages, and what completes the command.
@Suite struct ManualTests {
    @Test func eachCommandHasAPageThatTellsAllOfIt() throws {
        let pages = ManualPage.all(try CommandTree.ofIntake())
        let names = Set(pages.map(\.fileName))
        #expect(names.count == pages.count)
        func check(_ type: any ParsableCommand.Type, _ path: [String]) throws {
            let name = type.configuration.commandName ?? type._commandName
            let words = path + [name]
            let page = try #require(pages.first { $0.fileName == words.joined(separator: "-") + ".1" }, "\(words)")
            #expect(page.text.contains(ManualPage.escaped(type.configuration.abstract)))
            for below in type.configuration.subcommands { try check(below, words) }
        }
        try check(Intake.self, [])
        let replay = try #require(pages.first { $0.fileName == "intake-dead-replay.1" }).text
        #expect(
            replay.hasPrefix(
                ".\\\" Written by intake manual.\n.TH \"INTAKE\\-DEAD\\-REPLAY\" 1 \"\" \"Intake \(ProcessIdentity.version)\""
            ))
        #expect(replay.contains("\n.TP\n\\fB\\-\\-canary\\-wait\\fR \\fIcanary\\-wait\\fR\nHow long"))
        #expect(replay.contains("One of geocode, decision, callback, progress."))
        #expect(replay.contains(".BR intake\\-dead\\-discard (1)"))
    }

    /// A line of text that begins with a dot would be a request to roff, and vanish.
    @Test func noLineIsARequestThatIsNoneOfOurs() throws {
        let known = ["TH", "SH", "TP", "B", "BR", "PP", "nf", "fi", "nh", "ad", "\\\""]
        for page in ManualPage.all(try CommandTree.ofIntake()) {
            for line in page.text.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
                let request = line.dropFirst().prefix { $0 != " " }
                #expect(known.contains(String(request)), "\(page.fileName): \(line)")
            }
            #expect(!page.text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
        }
        #expect(ManualPage.escaped(".a \\ -b \"c\"") == "\\&.a \\e \\-b \\(dqc\\(dq")
    }

    /// groff, where it is installed, has nothing to say of any page.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/groff")))
    func groffTakesThem() throws {
        let directory = try Self.written()
        for page in try FileManager.default.contentsOfDirectory(atPath: directory + "/man/man1") {
            let (status, output) = try Self.run(
                "/usr/bin/groff", ["-ww", "-man", "-Tutf8", "-K", "utf8", "-z", "\(directory)/man/man1/\(page)"])
            #expect(status == 0 && output.isEmpty, "\(page): \(output)")
        }
    }

    @Test func bashCompletesIt() throws {
        let directory = try Self.written()
        let script = "\(directory)/completions/intake.bash"
        #expect(try Self.run("/bin/bash", ["-n", script]) == (0, ""))
        func completions(_ words: [String]) throws -> Set<String> {
            let line = words.joined(separator: " ")
            let program = """
                shopt -s extglob; source '\(script)'; COMP_WORDS=(\(words.map { "'\($0)'" }.joined(separator: " ")))
                COMP_CWORD=\(words.count - 1) COMP_LINE='\(line)' COMP_POINT=\(line.utf8.count)
                _intake intake '\(words[words.count - 1])' '\(words[words.count - 2])'
                printf '%s\\n' "${COMPREPLY[@]}"
                """
            let (status, output) = try Self.run("/bin/bash", ["--norc", "-c", program])
            #expect(status == 0, "\(output)")
            return Set(output.split(whereSeparator: \.isWhitespace).map(String.init))
        }
        #expect(try completions(["intake", "sta"]) == ["status", "staff"])
        #expect(try completions(["intake", "log-level", "cal"]) == ["callback"])
        #expect(try completions(["intake", "dead", "list", "--stage", ""]).isSuperset(of: ["geocode", "decision"]))
    }

    @Test func aDirectoryThatCannotBeIsSaid() throws {
        let file = try TestDirectory.make("manual") + "/file"
        try Data().write(to: URL(fileURLWithPath: file))
        let command = try #require(try Intake.parseAsRoot(["manual", file + "/below"]) as? ManualCommand)
        #expect(throws: (any Error).self) { try command.run() }
    }

    private static func written() throws -> String {
        let directory = try TestDirectory.make("manual")
        for file in try ManualCommand.files() {
            let path = URL(fileURLWithPath: "\(directory)/\(file.name)")
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(file.text.utf8).write(to: path)
        }
        return directory
    }

    private static func run(_ program: String, _ arguments: [String]) throws -> (Int32, String) {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
