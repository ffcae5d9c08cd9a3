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

/// Handles requests, and makes what answers them, apart from the event loops, whose connections would wait meanwhile:
/// for those that take longer than a moment, as lists and pages do.
package struct HandledApart<Context: RequestContext>: RouterMiddleware {
    package init() {}

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await withTaskExecutorPreference(globalConcurrentExecutor) {
            try await next(request, context)
        }
        // What is written piece by piece is made after this has returned.
        if response.body.contentLength == nil {
            let body = response.body
            response.body = ResponseBody { writer in
                let given = writer
                try await withTaskExecutorPreference(globalConcurrentExecutor) { try await body.write(given) }
            }
        }
        return response
    }
}
