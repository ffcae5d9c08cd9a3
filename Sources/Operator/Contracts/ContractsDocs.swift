import ArgumentParser
import Foundation

/// `intake contracts docs`
struct ContractsDocs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs",
        abstract: "Write one HTML page on the events: the flow, every field, who says it and who needs it.")

    @Option(name: .shortAndLong, help: "(default: standard output)", completion: .file(extensions: ["html"]))
    var output: String?

    @Option(
        help: """
            The consumers' contracts, which say who needs which field. (default: Tests/ContractTests/Pacts where that is there; \
            without them that column is empty)
            """, completion: .directory)
    var pacts: String?

    private static let usualPacts = "Tests/ContractTests/Pacts"

    func run() throws {
        let page = Data(try html().utf8)
        guard let output else { return try FileHandle.standardOutput.write(contentsOf: page) }
        do { try page.write(to: URL(fileURLWithPath: output)) } catch {
            throw OperatorError("\(output) cannot be written")
        }
    }

    /// - Throws: `OperatorError` when the pacts cannot be read.
    func html() throws(OperatorError) -> String {
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
