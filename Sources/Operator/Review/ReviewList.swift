import ArgumentParser
import Foundation

/// `intake review list`
struct ReviewList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what waits for a person, the nearest deadline first.")

    @Option(help: "Only this organisation's.")
    var organization: String?

    @Flag(help: "Print every review as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<IngestListener>

    func run() async throws {
        let api = try admin.api()
        var entries: [ReviewPage.Entry] = []
        var after: String?
        repeat {
            let page = try await api.reviews(after: after)
            entries += page.reviews
            after = page.next
        } while after != nil
        if let organization { entries.removeAll { $0.organization != organization } }
        try FileHandle.standardOutput.write(
            contentsOf: json ? AdminJSON.text(entries) : Data(ReviewText.list(entries, now: Date()).utf8))
    }
}
