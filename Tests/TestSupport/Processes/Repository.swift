import Foundation

/// The checkout that the tests belong to, and what was built from it.
package enum Repository {
    /// The package's directory, without a slash at the end.
    package static let directory: String = {
        // …/Tests/TestSupport/Processes/Repository.swift
        let file = URL(fileURLWithPath: #filePath)
        return (0..<4).reduce(file) { url, _ in url.deletingLastPathComponent() }.path
    }()

    /// A file of the checkout.
    /// - Parameter path: from the package's directory, e.g. `deploy/broker`.
    package static func path(_ path: String) -> String { "\(directory)/\(path)" }

    /// An executable that was built together with the running tests.
    /// - Parameter product: its name, e.g. `ingest-service`.
    package static func executable(_ product: String) -> String { "\(buildDirectory)/\(product)" }

    /// Where the test bundle lies, and beside it every product of the same build. On Linux the bundle is the running
    /// executable.
    private static let buildDirectory = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().path
}
