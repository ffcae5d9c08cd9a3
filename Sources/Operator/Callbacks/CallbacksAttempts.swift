import ArgumentParser
import Foundation

/// `intake callbacks attempts`
struct CallbacksAttempts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attempts", abstract: "Show each attempt to tell a request's partner, and what came of it.")

    @Argument(help: "The request's id.")
    var request: MessageIdentifier

    @Flag(help: "Print the attempts as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<IngestListener>

    func run() async throws {
        let attempts = try await admin.api().callbackAttempts(request.id)
        try FileHandle.standardOutput.write(
            contentsOf: json ? AdminJSON.text(attempts) : Data(CallbackAttemptsText.of(attempts).utf8))
    }
}
