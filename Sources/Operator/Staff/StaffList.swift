import AdminAPI
import ArgumentParser
import Contracts
import Foundation
import Terminal

/// `intake staff list`
struct StaffList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List who may sign in, and who might once.")

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<IngestListener>

    func run() async throws {
        let people = try await admin.api().send(ListStaff.call()).staff
        try Output.write(json ? .json(people) : .text(Self.text(people)))
    }

    static func text(_ people: [StaffPerson]) -> String {
        guard !people.isEmpty else { return "Nobody may sign in yet: see intake staff add --help.\n" }
        var table = TextTable()
        table.add("EMAIL", "NAME", "ORGANIZATION", "MAY", "SIGNED IN LAST", "")
        for person in people {
            table.add(
                person.email, person.name, person.organization ?? "", person.may.rawValue,
                person.lastSignInAt.map(Timestamp.string) ?? "never",
                person.revokedAt.map { "revoked \(Timestamp.string($0))" } ?? "")
        }
        return table.lines.joined(separator: "\n") + "\n"
    }
}
