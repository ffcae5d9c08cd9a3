import ArgumentParser
import Contracts
import Foundation

/// The id of a message or of a request on a command line.
struct MessageIdentifier: ExpressibleByArgument {
    var id: UUID

    init?(argument: String) {
        guard let id = UUID(canonical: argument) else { return nil }
        self.id = id
    }
}
