import Contracts
import Foundation

/// Which dead letters are asked for; `nil` for any. Those that were replayed or discarded are not among them.
struct DeadLetterQuery: Sendable, Equatable {
    var stage: Stage?
    var reason: String?
    var olderThan: Duration?

    var items: [URLQueryItem] {
        [
            stage.map { URLQueryItem(name: "stage", value: $0.rawValue) },
            reason.map { URLQueryItem(name: "reason", value: $0) },
            olderThan.map { URLQueryItem(name: "olderThan", value: "\($0.components.seconds)") },
        ].compactMap { $0 }
    }
}
