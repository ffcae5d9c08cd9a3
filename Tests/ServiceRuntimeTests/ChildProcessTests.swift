import Glibc
import TestSupport
import Testing

/// What the tests start, and what they leave it.
@Suite(.timeLimit(.minutes(1))) struct ChildProcessTests {
    /// A socket that a child had, too, would stay open after its test has closed it.
    @Test func aChildHasNoneOfTheTestsFiles() async throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor > 2)
        defer { close(descriptor) }
        let log = "\(try TestDirectory.make("files"))/files"
        let child = try ChildProcess(
            name: "ls", command: ["/bin/sh", "-c", "ls -l /proc/$$/fd"], logPath: log, tethered: false)
        #expect(try await child.end(within: .seconds(30)) == .exited(0))
        let files = child.logTail()
        #expect(files.contains(log) && !files.contains("socket:"), "\(files)")
    }
}
