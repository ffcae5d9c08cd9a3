import Foundation

/// A directory for one test.
struct TestDirectory: Sendable {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "intake-callback-\(UUID())")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    func path(_ name: String) -> String { url.appending(path: name).path() }

    /// What is left behind is the temporary directory's to lose.
    func remove() { try? FileManager.default.removeItem(at: url) }
}
