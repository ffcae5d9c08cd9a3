import Foundation
import GRDB

/// Addresses of one's own, in a file that is only read. A new import puts a new file in its place; who has the old one
/// open goes on with that.
///
/// Look-ups run one after the other on a thread of the database's own, so they never hold up the cooperative pool. Each
/// takes some tens of microseconds once the pages are in memory, and a handful of reads when they are not.
package final class AddressTable: Sendable {
    package let path: String
    private let database: DatabaseQueue

    /// Opens and checks the file. Blocks for about a millisecond.
    /// - Throws: `AddressTableError`, which names the file and what is wrong with it.
    package init(path: String) throws(AddressTableError) {
        self.path = path
        try AddressTableHeader(path: path).check()
        do {
            var configuration = Configuration()
            configuration.label = "addresses"
            configuration.readonly = true
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA mmap_size = 268435456") }
            database = try DatabaseQueue(path: path, configuration: configuration)
            // That both tables are there, and their first pages are whole.
            _ = try database.read { try AddressFinder(database: $0).find(.probe) }
        } catch {
            throw AddressTableError(error, path: path, writing: false)
        }
    }

    /// - Throws: `AddressTableError` when the file turns out to be damaged.
    package func find(_ question: AddressQuestion) async throws(AddressTableError) -> AddressMatch? {
        do {
            return try await database.read { try AddressFinder(database: $0).find(question) }
        } catch {
            throw AddressTableError(error, path: path, writing: false)
        }
    }
}
