import Contracts

/// The store could not do what it was asked; nothing of it is half done.
struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it is, as a stable code.
    struct Code: RawRepresentable, Sendable, Hashable {
        var rawValue: String

        /// The database cannot be read or written: disk full, locked, read-only, away. Another try may succeed.
        static let unavailable = Code(rawValue: "store-unavailable")
        /// The database has gone away in the middle of a commit, and has not come back to say what became of it.
        /// Another try finds what is there.
        static let uncertain = Code(rawValue: "store-uncertain")
        /// A row holds what this version cannot read. Another try cannot succeed.
        static let unreadable = Code(rawValue: "store-unreadable")
    }

    var code: Code
    /// For logs: names codes and columns, never values.
    var detail: String

    var description: String { "\(code.rawValue): \(detail)" }

    /// Makes an event of what is stored.
    /// - Throws: `StoreError` when that holds what no event can.
    static func reading(
        _ what: String, _ body: () throws(ContractError) -> EventMessage
    ) throws(StoreError) -> EventMessage {
        do { return try body() } catch { throw StoreError(code: .unreadable, detail: "\(what): \(error)") }
    }
}
