import Foundation

/// The first hundred bytes of a SQLite database (SQLite's "Database File Format", section 1.3). Big-endian.
struct AddressTableHeader {
    private static let length = 100
    private let bytes: [UInt8]
    private let path: String

    /// - Throws: `unreadable` when there is no such file, `notATable` when it is no database.
    init(path: String) throws(AddressTableError) {
        self.path = path
        guard let file = FileHandle(forReadingAtPath: path) else {
            let exists = FileManager.default.fileExists(atPath: path)
            throw AddressTableError(
                .unreadable, path: path, problem: exists ? "the file cannot be read" : "there is no such file")
        }
        defer {
            // Read only: closing it cannot lose anything.
            try? file.close()
        }
        let data: Data?
        do {
            data = try file.read(upToCount: Self.length)
        } catch {
            throw AddressTableError(.unreadable, path: path, problem: "the file cannot be read")
        }
        bytes = [UInt8](data ?? Data())
        guard bytes.count == Self.length, bytes.starts(with: Array("SQLite format 3\0".utf8)),
            number(at: 68) == AddressTableFormat.applicationID
        else { throw AddressTableError(.notATable, path: path, problem: "the file is no address table") }
    }

    /// That the file is of this version, and as long as it says.
    /// - Throws: `otherVersion`, `damaged`.
    func check() throws(AddressTableError) {
        let version = number(at: 60)
        guard version == AddressTableFormat.version else {
            throw AddressTableError(
                .otherVersion, path: path,
                problem: "the file has version \(version), not \(AddressTableFormat.version): import it again")
        }
        let half = Int(bytes[16]) << 8 | Int(bytes[17])
        let expected = (half == 1 ? 65536 : half) * Int(number(at: 28))
        // A file that is gone meanwhile is caught as a wrong size.
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let actual = attributes?[.size] as? Int ?? 0
        guard actual == expected else {
            throw AddressTableError(
                .damaged, path: path, problem: "the file is cut off: it has \(actual) of \(expected) bytes")
        }
    }

    private func number(at offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
