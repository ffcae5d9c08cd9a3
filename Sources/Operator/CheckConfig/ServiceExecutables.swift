import Foundation

/// Where the services' executables are.
struct ServiceExecutables: Sendable {
    /// In the order in which they are looked through.
    var folders: [String]

    /// Beside this command, then where PATH says.
    init(_ environment: [String: String]) {
        let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
        folders = [own] + (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    }

    /// `nil` when it is nowhere.
    func path(of name: String) -> String? {
        folders.lazy.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
