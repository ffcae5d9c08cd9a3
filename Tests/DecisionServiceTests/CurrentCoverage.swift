import Synchronization

@testable import DecisionService

/// A coverage that a test exchanges, as a reloading file does.
final class CurrentCoverage: Sendable {
    private let current: Mutex<Coverage>

    init(_ coverage: Coverage) { current = Mutex(coverage) }

    var value: Coverage {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }
}
