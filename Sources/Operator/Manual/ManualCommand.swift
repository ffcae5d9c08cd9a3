import ArgumentParser
import Foundation
import Terminal

/// `intake manual`
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Write a manual page of each command, and what completes them, into a directory.",
        discussion: """
            man/man1 has the pages: add man to MANPATH. completions has a file for each shell: source intake.bash in \
            bash, put the directory of _intake into fpath before compinit in zsh, link intake.fish into \
            ~/.config/fish/completions. deploy/up does it for the shell that sources its env.
            """)

    @Argument(help: "The directory; made when it is not there.", completion: .directory)
    var directory: String

    @Flag(help: "Print the names of the files as JSON.")
    var json = false

    func run() throws {
        let files = try Self.files()
        for file in files {
            let path = URL(fileURLWithPath: directory).appendingPathComponent(file.name)
            do {
                try FileManager.default.createDirectory(
                    at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(file.text.utf8).write(to: path)
            } catch {
                throw CommandError("\(path.path) cannot be written: \((error as NSError).localizedDescription)")
            }
        }
        try Output.write(
            json ? .json(files.map(\.name)) : .text("\(files.count) files in \(directory)\n"))
    }

    /// Of all pages and shells, by their paths below the directory.
    static func files() throws(CommandError) -> [(name: String, text: String)] {
        let pages = ManualPage.all(try CommandTree.ofIntake()).map { (name: "man/man1/\($0.fileName)", text: $0.text) }
        return pages + [
            (name: "completions/intake.bash", text: Intake.completionScript(for: .bash)),
            (name: "completions/_intake", text: Intake.completionScript(for: .zsh)),
            (name: "completions/intake.fish", text: Intake.completionScript(for: .fish)),
        ]
    }
}
