import AdminAPI
import ArgumentParser
import Contracts
import Foundation
import Terminal

/// `intake staff link`
struct StaffLink: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link", abstract: "Print another sign-in link for a person; the ones before it end.")

    @Argument(help: "Their e-mail address.")
    var email: String

    @OptionGroup var links: StaffLinkOptions
    @OptionGroup var admin: AdminOptions<IngestListener>

    func run() async throws {
        let change = StaffChange(email: email, by: OperatorName.current())
        let added = try await admin.api().send(LinkStaff.call(body: change), missing: change.missing)
        try Output.write(links.json ? .json(links.view(added, admin)) : .text(links.text(added, admin)))
    }
}

/// Where people find what a link leads to.
struct StaffLinkOptions: ParsableArguments {
    @Option(
        help: """
            What the public listener's address is for people's browsers. (default: http://127.0.0.1:8080, or its \
            $INTAKE_HTTP_PORT)
            """)
    var url: String?

    @Option(help: "The same for the admin listener, where the console is. (default: what --admin-url says)")
    var consoleUrl: String?

    @Flag(help: "Print person, link and token as JSON.")
    var json = false

    /// With the whole link.
    func view(_ added: AddedStaff, _ admin: AdminOptions<IngestListener>) throws(CommandError) -> AddedStaff {
        var added = added
        added.link = try link(added, admin)
        return added
    }

    private func link(_ added: AddedStaff, _ admin: AdminOptions<IngestListener>) throws(CommandError) -> String {
        let isConsole = added.person.may == .operate
        let own = try admin.api().base
        let base = isConsole ? consoleUrl ?? own : url ?? ServiceURL.frontDoor
        try ServiceAdmin.checkURL(
            base, option: isConsole ? "--console-url" : "--url", example: "https://intake.example")
        return (base.hasSuffix("/") ? String(base.dropLast()) : base) + added.link
    }

    func text(_ added: AddedStaff, _ admin: AdminOptions<IngestListener>) throws(CommandError) -> String {
        let link = try link(added, admin)
        let place = added.person.organization.map { " at \(PrintableText.of($0))" } ?? ""
        var lines = [
            "\(PrintableText.of(added.person.email)) may \(added.person.may.rawValue)\(place).",
            "",
            "  sign in once, until \(Timestamp.string(added.linkExpiresAt)):",
            "  \(link)",
        ]
        if let token = added.token { lines += ["", "  token for programs (shown this once):", "  \(token)"] }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension StaffChange {
    /// What a 404 about them means.
    var missing: String { "nobody with the address \(PrintableText.of(email)) may sign in" }
}
