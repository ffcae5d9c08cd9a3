import ArgumentParser
import Contracts
import Foundation

/// `intake contracts check`
struct ContractsCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compare the events' schemas with released ones.",
        discussion: """
            Services are deployed one by one: what was released must go on working beside what comes next. Names every change that \
            breaks that: a field that is gone, has another type, or is required all of a sudden; fewer allowed values; narrower \
            formats and limits. Exits 0 when there is none, 1 otherwise.
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

    /// - Throws: `OperatorError` when a schema cannot be read.
    func check() throws(OperatorError) -> [BreakingChange] {
        let released = try SchemaSet(directory: against)
        let new = if let schemas { try SchemaSet(directory: schemas) } else { try SchemaSet.ofThisVersion() }
        return SchemaComparison.breaks(from: released, to: new)
    }
}
