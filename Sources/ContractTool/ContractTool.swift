import ArgumentParser
import Contracts
import Foundation
import Terminal

/// What contributors do with what the services promise each other.
@main
struct ContractTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ContractTool",
        abstract: "Compare the events' schemas with released ones, and write them as a page.",
        subcommands: [ContractsCheck.self, ContractsDocs.self])
}

/// `ContractTool check`
struct ContractsCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compare the events' schemas with released ones.",
        discussion: """
            Services are deployed one by one: what was released must go on working beside what comes next. Names every \
            change that breaks that: a field that is gone, has another type, or is required all of a sudden; fewer \
            allowed values; narrower formats and limits. Exits 0 when there is none, 1 otherwise.
            """)

    @Option(help: "The released schemas: a directory of <type>.v<major>.json.", completion: .directory)
    var against: String

    @Option(help: "The new ones. (default: those of this executable)", completion: .directory)
    var schemas: String?

    func run() throws {
        let breaks = try check()
        let text = breaks.isEmpty ? ["Nothing breaks."] : breaks.map(\.description)
        try FileHandle.standardOutput.write(
            contentsOf: Data((text.map(PrintableText.of).joined(separator: "\n") + "\n").utf8))
        guard breaks.isEmpty else { throw ExitCode(1) }
    }

    /// - Throws: `CommandError` when a schema cannot be read.
    func check() throws(CommandError) -> [BreakingChange] {
        let released = try SchemaSet(directory: against)
        let new = if let schemas { try SchemaSet(directory: schemas) } else { try SchemaSet.ofThisVersion() }
        return SchemaComparison.breaks(from: released, to: new)
    }
}

/// `ContractTool docs`
struct ContractsDocs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs",
        abstract: "Write one HTML page on the events: the flow, every field, who says it and who needs it.")

    @Option(name: .shortAndLong, help: "(default: standard output)", completion: .file(extensions: ["html"]))
    var output: String?

    @Option(
        help: """
            The consumers' contracts, which say who needs which field. (default: Tests/ContractTests/Pacts where that \
            is there; without them that column is empty)
            """, completion: .directory)
    var pacts: String?

    private static let usualPacts = "Tests/ContractTests/Pacts"

    func run() throws {
        let page = Data(try html().utf8)
        guard let output else { return try FileHandle.standardOutput.write(contentsOf: page) }
        do { try page.write(to: URL(fileURLWithPath: output)) } catch {
            throw CommandError("\(output) cannot be written")
        }
    }

    /// - Throws: `CommandError` when the pacts cannot be read.
    func html() throws(CommandError) -> String {
        let needs: FieldNeeds
        if let pacts {
            needs = try FieldNeeds(directory: pacts)
        } else {
            let isThere = FileManager.default.fileExists(atPath: Self.usualPacts)
            needs = isThere ? try FieldNeeds(directory: Self.usualPacts) : FieldNeeds()
        }
        return ContractPage(
            document: try .ofThisVersion(), schemas: try .ofThisVersion(), needs: needs
        ).html()
    }
}
