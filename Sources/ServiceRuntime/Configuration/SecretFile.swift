import Glibc

/// A secret in a file of its own, as container platforms hand them out: the file's first line, without its end.
package enum SecretFile {
    /// The most that the file may have, bytes.
    static let limit = 4096

    /// What is wrong with the file: words that follow its path, and nothing of what it holds.
    package struct Problem: Error, Equatable {
        package var text: String
    }

    /// - Throws: when there is no file that can be read, or its first line can be no secret.
    package static func secret(at path: String) throws(Problem) -> String {
        let bytes = try content(of: path)
        guard bytes.count <= limit else { throw Problem(text: "is larger than \(limit) bytes") }
        var line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard let text = String(validating: line, as: UTF8.self) else { throw Problem(text: "is not UTF-8") }
        // A file in UTF-16, a key in binary: nobody could type it, and no header could carry it.
        guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw Problem(text: "has a control character in its first line")
        }
        guard text.contains(where: { !$0.isWhitespace }) else { throw Problem(text: "has an empty first line") }
        return text
    }

    /// At most one byte more than the limit: there are devices that never end.
    private static func content(of path: String) throws(Problem) -> [UInt8] {
        // A pipe that nobody writes to is not waited for.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable(errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: limit + 1)
        while bytes.count <= limit {
            let count = read(descriptor, &buffer, buffer.count)
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw unreadable(errno)
            }
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        return bytes
    }

    private static func unreadable(_ code: Int32) -> Problem {
        code == EISDIR
            ? Problem(text: "is a directory") : Problem(text: "cannot be read: \(String(cString: strerror(code)))")
    }
}
