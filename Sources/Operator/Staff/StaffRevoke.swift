import AdminAPI
import ArgumentParser
import Contracts
import Foundation

/// `intake staff revoke`
struct StaffRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End a person's sessions, links and token at once.")

    @Argument(help: "Their e-mail address.")
    var email: String

    @Flag(help: "Print the person as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<IngestListener>

    func run() async throws {
        let change = StaffChange(email: email, by: OperatorName.current())
        let person = try await admin.api().send(RevokeStaff.call(body: change), missing: change.missing)
        let line = "\(PrintableText.of(person.email)) may do nothing any more.\n"
        try Output.write(json ? .json(person) : .text(line))
    }
}
