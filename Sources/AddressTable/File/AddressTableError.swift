import GRDB

/// An address table cannot be used, or not be written.
package struct AddressTableError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// There is no such file, or it may not be read.
        case unreadable
        /// The file is something else.
        case notATable
        /// Written by another version of Intake.
        case otherVersion
        /// Cut off, or not what it says of itself.
        case damaged
        /// The new file cannot be written.
        case unwritable
    }

    package var kind: Kind
    package var path: String
    /// One clause for the operator. Holds nothing of an address.
    package var problem: String

    package init(_ kind: Kind, path: String, problem: String) {
        self.kind = kind
        self.path = path
        self.problem = problem
    }

    /// - Parameter error: what came out of SQLite. Its own message can quote an address, so only its code is kept.
    init(_ error: any Error, path: String, writing: Bool) {
        if let error = error as? AddressTableError {
            self = error
            return
        }
        let code = (error as? DatabaseError)?.resultCode
        switch code {
        case .SQLITE_FULL?: self.init(.unwritable, path: path, problem: "the disk is full")
        case .SQLITE_CANTOPEN? where writing:
            self.init(.unwritable, path: path, problem: "no file can be made there")
        case .SQLITE_CORRUPT?, .SQLITE_NOTADB?: self.init(.damaged, path: path, problem: "the file is damaged")
        default:
            let number = code.map { "SQLite error \($0.rawValue)" } ?? "not by SQLite's fault"
            self.init(
                writing ? .unwritable : .unreadable, path: path,
                problem: "the file cannot be \(writing ? "written" : "read") (\(number))")
        }
    }

    package var description: String { "address table \(path): \(problem)" }
}
