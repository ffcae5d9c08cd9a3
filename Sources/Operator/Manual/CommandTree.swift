import ArgumentParser
import Foundation
import Terminal

/// The command with all that it takes, as swift-argument-parser tells of it (`--experimental-dump-help`).
struct CommandTree: Decodable, Sendable {
    struct Name: Decodable, Sendable {
        var kind: String
        var name: String

        /// As it is written: `--json`, `-h`.
        var text: String { kind == "long" ? "--\(name)" : "-\(name)" }
    }

    struct Argument: Decodable, Sendable {
        /// `positional`, `option` or `flag`.
        var kind: String
        var shouldDisplay: Bool
        var isOptional: Bool
        var isRepeating: Bool
        var names: [Name]?
        var valueName: String?
        var defaultValue: String?
        var allValues: [String]?
        var abstract: String?
        var discussion: String?
    }

    var commandName: String
    var superCommands: [String]?
    var shouldDisplay: Bool?
    var abstract: String?
    var discussion: String?
    var arguments: [Argument]?
    var subcommands: [CommandTree]?

    /// Its words from the first on: `intake dead list`.
    var words: [String] { (superCommands ?? []) + [commandName] }
    /// What its page is called: `intake-dead-list`.
    var pageName: String { words.joined(separator: "-") }

    /// Those that there are pages of.
    var children: [CommandTree] {
        (subcommands ?? []).filter { $0.shouldDisplay != false && $0.commandName != "help" }
    }

    /// With all below it.
    var all: [CommandTree] { [self] + children.flatMap(\.all) }

    /// - Throws: `CommandError` when the parser tells of it in a way that is not known here.
    static func ofIntake() throws(CommandError) -> CommandTree {
        struct Dump: Decodable { var command: CommandTree }
        do {
            return try JSONDecoder().decode(Dump.self, from: Data(Intake._dumpHelp().utf8)).command
        } catch {
            throw CommandError("the command cannot tell of itself: \(error)")
        }
    }
}
