import Foundation
import Glibc
import Terminal

/// A file that is written whole or not at all, for its owner to change and its group to read.
struct WholeFile: Sendable {
    var path: String

    private static let mode: mode_t = 0o640

    /// Writes beside the file, and puts it in its place when all of it is on disk.
    /// - Throws: `CommandError`, and leaves what was there.
    func write(_ bytes: [UInt8]) throws(CommandError) {
        let draft = "\(path).\(UUID().uuidString.prefix(8).lowercased())"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, Self.mode)
        guard descriptor >= 0 else { throw failure() }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data(bytes))
            // What the process's mask has taken away is given back: a broker of the same group is to read it.
            guard fchmod(descriptor, Self.mode) == 0, fsync(descriptor) == 0, rename(draft, path) == 0 else {
                throw failure()
            }
        } catch {
            unlink(draft)
            throw error as? CommandError ?? CommandError("\(path) cannot be written: \(error)")
        }
    }

    private func failure() -> CommandError {
        CommandError("\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
