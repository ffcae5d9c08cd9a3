import Foundation
import Synchronization

/// Directories of this test run. All of them lie under one, which is removed when the test process has ended, however
/// it ended; with `INTAKE_KEEP_TEST_FILES` set they stay.
package enum TestDirectory {
    /// Makes an empty directory.
    /// - Parameter name: the beginning of its name.
    package static func make(_ name: String) throws -> String {
        let path = "\(try run.get().directory)/\(name)-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// Makes an empty directory that another user can reach, beside the others.
    package static func makeReachable(_ name: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "intake-\(name)-\(UUID().uuidString.prefix(8).lowercased())"
        ).path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        if ProcessInfo.processInfo.environment["INTAKE_KEEP_TEST_FILES"] == nil {
            cleaners.withLock { $0.append(Result { try startCleaner(of: path) }) }
        }
        return path
    }

    /// As long as they are held, their directories stay.
    private static let cleaners = Mutex<[Result<ChildProcess, any Error>]>([])

    /// The directory of all, and what removes it; `nil` for one that stays.
    private static let run = Result {
        let environment = ProcessInfo.processInfo.environment
        let name =
            "intake-tests-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString.prefix(8).lowercased())"
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let stays = environment["INTAKE_KEEP_TEST_FILES"] != nil
        return (directory: path, cleaner: stays ? nil : try startCleaner(of: path))
    }

    /// A shell that reads its input, which ends with this process, and then removes the directory. It tries again as
    /// long as processes that end at the same moment still write there.
    private static func startCleaner(of path: String) throws -> ChildProcess {
        let script = #"cat >/dev/null; for _ in $(seq 50); do rm -rf "$1" 2>/dev/null && break; sleep 0.2; done"#
        return try ChildProcess(
            name: "cleaner", command: ["/bin/bash", "-c", script, "cleaner", path], logPath: "/dev/null",
            tethered: false)
    }
}
