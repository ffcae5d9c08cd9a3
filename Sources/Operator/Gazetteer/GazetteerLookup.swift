import AddressTable
import ArgumentParser
import Contracts
import Foundation

/// `intake gazetteer lookup`
struct GazetteerLookup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lookup",
        abstract: "Look for one address in an address table.",
        discussion: "Exits 0 when the table has it, 1 when not.")

    @Argument(help: "The address, e.g. \"901 Bagby St, Houston, TX 77002\".")
    var address: String

    @Option(help: "The table, made by intake gazetteer import.", completion: .file(extensions: ["sqlite"]))
    var file: String

    func run() async throws {
        guard let address = AddressText.address(address) else {
            throw OperatorError("write the address as 901 Bagby St, Houston, TX 77002")
        }
        let table = try AddressTable(path: file)
        guard let question = AddressQuestion(address), let match = try await table.find(question) else {
            throw OperatorError("no such address")
        }
        try FileHandle.standardOutput.write(contentsOf: Data(Self.text(match).utf8))
    }

    static func text(_ match: AddressMatch) -> String {
        var table = TextTable()
        table.add("found", match.text)
        table.add("at", "\(match.latitude), \(match.longitude)")
        table.add("precision", match.precision.rawValue)
        table.add("confidence", "\((match.confidence * 100).rounded() / 100)")
        table.add("within", "\(Int((match.uncertaintyKilometres * 1000).rounded())) m")
        return table.lines.map(PrintableText.of).joined(separator: "\n") + "\n"
    }
}
