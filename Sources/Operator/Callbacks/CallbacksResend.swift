import ArgumentParser
import Foundation

/// `intake callbacks resend`
struct CallbacksResend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resend", abstract: "Tell a request's partner again what it was last told.",
        discussion: """
            It goes out as a new event, under an Idempotency-Key of its own: a partner that has taken the earlier one sees \
            another. For a callback that died, dead replay is the way: it keeps the key.
            """)

    @Argument(help: "The request's id.")
    var request: MessageIdentifier

    @Flag(help: "Print the event's id as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<IngestListener>

    func run() async throws {
        let resent = try await admin.api().resendCallback(request.id)
        try FileHandle.standardOutput.write(
            contentsOf: json
                ? AdminJSON.text(resent) : Data("on its way again, as event \(resent.eventId.canonical)\n".utf8))
    }
}
