package import Hummingbird
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

/// Handles requests apart from the event loops, whose connections would wait meanwhile: for those that take longer than
/// a moment, as lists and pages do.
package struct HandledApart<Context: RequestContext>: RouterMiddleware {
    package init() {}

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        try await withTaskExecutorPreference(globalConcurrentExecutor) { try await next(request, context) }
    }
}
