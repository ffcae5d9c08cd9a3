import DequeModule
import Dispatch
import Foundation
import Synchronization

/// Threads with a connection each, which carry out work in the order in which it comes. They wait for the server as
/// long as it takes: none of them is one of Swift's.
package final class PostgresThreads: Sendable {
    package typealias Work = @Sendable (PostgresConnection) -> Void

    private final class Queue: Sendable {
        struct State {
            var work: Deque<Work> = []
            var isClosed = false
        }

        /// Bounded by the callers: each waits for what it has put in.
        let state = Mutex(State())
        let signal = DispatchSemaphore(value: 0)

        /// - Returns: `nil` when nothing more comes.
        func next() -> Work? {
            while true {
                let (work, isClosed) = state.withLock { ($0.work.popFirst(), $0.isClosed) }
                if let work { return work }
                if isClosed { return nil }
                signal.wait()
            }
        }
    }

    private let queue = Queue()

    /// - Parameter connection: called on each thread, for the connection that it is to have.
    package init(count: Int, _ connection: @escaping @Sendable () -> PostgresConnection) {
        for _ in 0..<count {
            Thread.detachNewThread { [queue] in
                let own = connection()
                while let work = queue.next() { work(own) }
                own.close()
                // The next one sees it, too.
                queue.signal.signal()
            }
        }
    }

    deinit {
        queue.state.withLock { $0.isClosed = true }
        queue.signal.signal()
    }

    package func schedule(_ work: @escaping Work) {
        queue.state.withLock { $0.work.append(work) }
        queue.signal.signal()
    }
}
