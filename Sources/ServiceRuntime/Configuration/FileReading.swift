import Foundation

/// One reading of a file and of the files that it names; remembers what they looked like just before.
final class FileReading {
    private let path: String
    private(set) var marks: [String: FileMark?] = [:]

    init(path: String) { self.path = path }

    /// - Throws: when the file cannot be read, or what `parse` throws.
    func content<Value>(_ parse: ReloadingFile<Value>.Parse) throws(FileProblems) -> Value {
        guard let bytes = bytes(path) else { throw FileProblems(["cannot be read"]) }
        let folder = URL(filePath: path).deletingLastPathComponent()
        return try parse(bytes) { name in self.bytes(URL(filePath: name, relativeTo: folder).path) }
    }

    /// Marked before it is read: what changes in between is then read again.
    private func bytes(_ path: String) -> [UInt8]? {
        marks.updateValue(FileMark(path), forKey: path)
        return FileManager.default.contents(atPath: path).map { [UInt8]($0) }
    }
}
