import Synchronization

/// How far an import is: told by the thread that reads, asked by the one that shows.
final class ImportProgress: Sendable {
    struct Snapshot: ShownProgress {
        var rows = 0
        var bytes = 0
        /// `nil` when standard input is read.
        var length: Int?
        var isSorting = false

        var line: String {
            if isSorting { return "\(rows) rows read, sorting" }
            guard let length, length > 0 else { return "\(rows) rows" }
            return "\(rows) rows, \(min(100, 100 * bytes / length)) %"
        }

        var bar: String {
            guard let length, length > 0 else { return line }
            let done = min(30, 30 * bytes / length)
            return "[\(String(repeating: "#", count: done))\(String(repeating: "-", count: 30 - done))] \(line)"
        }
    }

    private let state: Mutex<Snapshot>

    init(length: Int?) { state = Mutex(Snapshot(length: length)) }

    var snapshot: Snapshot { state.withLock { $0 } }

    func read(bytes: Int) { state.withLock { $0.bytes += bytes } }
    func read(rows: Int) { state.withLock { $0.rows = rows } }
    func sort() { state.withLock { $0.isSorting = true } }
}
