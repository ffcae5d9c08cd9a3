import ArgumentParser
import Contracts
import Foundation

/// `intake dead show`
struct DeadShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a dead letter: why it died, its headers and its body.")

    @Argument(help: "The message's id or the request's.")
    var id: MessageIdentifier

    @Flag(help: "Show headers and body as they are, personal data included.")
    var raw = false

    @OptionGroup var admin: AdminOptions<IngestListener>

    func run() async throws {
        let entries = try await admin.api().deadLetters(id.id, isRaw: raw)
        guard !entries.isEmpty else { throw OperatorError("no dead letter has the id \(id.id.canonical)") }
        let text = entries.map { DeadLetterText.of($0) }.joined(separator: "\n")
        try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }
}
