import Synchronization

/// Collects what happened, from any task.
final class Recorder<Element: Sendable>: Sendable {
    private let recorded = Mutex<[Element]>([])

    func add(_ element: Element) { recorded.withLock { $0.append(element) } }
    var all: [Element] { recorded.withLock { $0 } }
}
