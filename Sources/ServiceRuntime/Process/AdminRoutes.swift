package import Hummingbird
import Synchronization

/// What a service adds to its admin listener, below `/admin` and behind its token.
package final class AdminRoutes: Sendable {
    package typealias Registration = @Sendable (RouterGroup<BasicRequestContext>) -> Void

    private let registrations = Mutex<[Registration]>([])
    private let pages = Mutex<[(path: String, registration: Registration)]>([])

    package init() {}

    /// For composition roots: routes that are added when the services already run are not served.
    package func add(_ registration: @escaping Registration) {
        registrations.withLock { $0.append(registration) }
    }

    /// The same for pages: people sign in there by themselves, so that no token is asked for. What a browser sends for
    /// another site's page is turned away before.
    /// - Parameter path: below which all of them are, with its slash.
    package func addPages(below path: String, _ registration: @escaping Registration) {
        pages.withLock { $0.append((path, registration)) }
    }

    var pagePaths: Set<String> { Set(pages.withLock { $0.map(\.path) }) }

    func registerPages(on group: RouterGroup<BasicRequestContext>) {
        for page in pages.withLock({ $0 }) { page.registration(group) }
    }

    func register(on group: RouterGroup<BasicRequestContext>) {
        for registration in registrations.withLock({ $0 }) { registration(group) }
    }
}
