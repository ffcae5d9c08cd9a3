import GRDB

/// The store could not do what it was asked; nothing of it is half done.
struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it is, as a stable code.
    struct Code: RawRepresentable, Sendable, Hashable {
        var rawValue: String

        /// The database cannot be read or written: disk full, locked, read-only, away. Another try may succeed.
        static let unavailable = Code(rawValue: "store-unavailable")
        /// A row holds what this version cannot read. Another try cannot succeed.
        static let unreadable = Code(rawValue: "store-unreadable")
    }

    var code: Code
    /// For logs: names codes and columns, never values.
    var detail: String

    var description: String { "\(code.rawValue): \(detail)" }
}

extension StoreError {
    /// Any error of GRDB, without the values that a statement was run with.
    init(_ error: any Error) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError:
            self.init(
                code: .unavailable,
                detail: "SQLite \(error.extendedResultCode.rawValue) \(error.message ?? "")")
        default: self.init(code: .unavailable, detail: "\(type(of: error))")
        }
    }
}
