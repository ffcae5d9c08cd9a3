import Foundation

/// Where CSV comes from: a file, or standard input as `-`.
struct CSVFile {
    private static let chunkLength = 1 << 20

    let path: String
    private let handle: FileHandle

    /// - Throws: `OperatorError` when there is no such file, or it may not be read.
    init(path: String) throws(OperatorError) {
        self.path = path
        if path == "-" {
            handle = .standardInput
        } else if let file = FileHandle(forReadingAtPath: path) {
            handle = file
        } else {
            throw OperatorError("\(path) cannot be read")
        }
    }

    /// Bytes; `nil` for what is no ordinary file.
    var length: Int? {
        var status = stat()
        guard fstat(handle.fileDescriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// - Throws: `OperatorError` when the file cannot be read, or is no text that this command reads.
    func reader(_ didRead: @escaping (Int) -> Void = { _ in }) throws -> CSVReader {
        let reader = try CSVReader {
            do {
                let data = try handle.read(upToCount: Self.chunkLength) ?? Data()
                didRead(data.count)
                return [UInt8](data)
            } catch {
                throw OperatorError("\(path) cannot be read")
            }
        }
        if reader.isUTF16 { throw OperatorError("\(path) is UTF-16: save it as UTF-8") }
        return reader
    }
}
