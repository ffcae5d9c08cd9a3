import AddressTable
import Foundation
import Logging
import Synchronization

/// The newest whole table at a path: an import puts a new file in the old one's place while the service runs.
final class AddressTableFile: Sendable {
    private struct State {
        var table: AddressTable
        /// The file that was looked at last, whether it could be used or not: each is tried once.
        var seen: FileIdentity?
    }

    private let path: String
    private let logger: Logger
    private let state: Mutex<State>

    /// - Throws: `AddressTableError`: at its start a service must have a table.
    init(path: String, logger: Logger) throws(AddressTableError) {
        self.path = path
        self.logger = logger
        let seen = FileIdentity(path)
        state = Mutex(State(table: try AddressTable(path: path), seen: seen))
    }

    /// Costs a microsecond while the file stays. A new one that cannot be used is logged, and the old one stays in use.
    func current() -> AddressTable {
        let now = FileIdentity(path)
        let (table, isNew) = state.withLock { state in
            guard let now, now != state.seen else { return (state.table, false) }
            state.seen = now
            return (state.table, true)
        }
        return isNew ? opened(instead: table) : table
    }

    /// Outside of the lock: others go on with the old one.
    private func opened(instead old: AddressTable) -> AddressTable {
        do throws(AddressTableError) {
            let table = try AddressTable(path: path)
            state.withLock { $0.table = table }
            logger.info("A new address table is in use", metadata: ["path": "\(path)"])
            return table
        } catch {
            logger.warning(
                "The new address table cannot be used; the old one stays",
                metadata: ["path": "\(path)", "error": "\(error)"])
            return old
        }
    }
}
