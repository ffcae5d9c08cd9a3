import Synchronization

/// Collects what happened, from any task.
package final class Recorder<Element: Sendable>: Sendable {
    private let recorded = Mutex<[Element]>([])

    package init() {}

    package func add(_ element: Element) { recorded.withLock { $0.append(element) } }
    package var all: [Element] { recorded.withLock { $0 } }
}
