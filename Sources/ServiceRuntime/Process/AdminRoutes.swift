package import Hummingbird
import Synchronization

/// What a service adds to its admin listener, below `/admin` and behind its token.
package final class AdminRoutes: Sendable {
    package typealias Registration = @Sendable (RouterGroup<BasicRequestContext>) -> Void

    private let registrations = Mutex<[Registration]>([])

    package init() {}

    /// For composition roots: routes that are added when the services already run are not served.
    package func add(_ registration: @escaping Registration) {
        registrations.withLock { $0.append(registration) }
    }

    func register(on group: RouterGroup<BasicRequestContext>) {
        for registration in registrations.withLock({ $0 }) { registration(group) }
    }
}
