import Foundation

/// Where keys are that do not stand in the file itself.
struct KeySources: Sendable {
    /// The content of a file.
    /// - Throws: whatever the file system says.
    var readFile: @Sendable (_ path: String) throws -> [UInt8]
    /// The value of an environment variable; `nil` when it is not set.
    var environment: @Sendable (_ name: String) -> String?

    /// The process's own files and environment; a relative path starts at the working directory.
    static let ofProcess = KeySources(
        readFile: { [UInt8](try Data(contentsOf: URL(fileURLWithPath: $0))) },
        environment: { ProcessInfo.processInfo.environment[$0] })
}
