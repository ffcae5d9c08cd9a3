import NIOCore

/// Runs the tasks of a connection where its bytes come and go, on the thread of its event loop: so a request is read,
/// handled and answered without one thread waking another.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
