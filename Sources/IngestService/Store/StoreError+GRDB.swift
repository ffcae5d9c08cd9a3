import GRDB

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
