import AdminAPI
import ArgumentParser
import Contracts
import Foundation

/// `intake staff add`
struct StaffAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a person, and print a link that signs them in once.")

    @Argument(help: "Their e-mail address: what they are known by.")
    var email: String

    @Option(help: "The organisation that they work for, as providers.yaml names it; none for operators.")
    var organization: String?

    @Option(help: "read looks at requests, write changes them, operate looks after the system.")
    var may: StaffRole

    @Option(help: "Their name, as others see it. (default: what stands before the @)")
    var name: String?

    @OptionGroup var links: StaffLinkOptions
    @OptionGroup var admin: AdminOptions<IngestListener>

    func validate() throws {
        switch (may, organization) {
        case (.operate, .some): throw ValidationError("Operators belong to no organisation: leave --organization out.")
        case (.read, nil), (.write, nil): throw ValidationError("--organization says whose requests they see.")
        default: break
        }
    }

    func run() async throws {
        let added = try await admin.api().send(
            AddStaff.call(
                body: .init(email: email, name: name, organization: organization, may: may, by: OperatorName.current()))
        )
        try Output.write(links.json ? .json(links.view(added, admin)) : .text(links.text(added, admin)))
    }
}
