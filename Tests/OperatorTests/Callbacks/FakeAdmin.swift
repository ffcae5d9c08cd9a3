import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import TestSupport

/// A service's admin listener that answers as the test says.
enum FakeAdmin {
    struct Asked: Sendable, Equatable {
        var request: String
        var authorization: String?
        var body = ""
    }

    /// - Parameters:
    ///   - headers: of every answer.
    ///   - answer: status and JSON for a request such as `GET /admin/providers`.
    ///   - body: gets the listener's URL.
    /// - Returns: what was asked.
    static func run(
        headers: [String: String] = [:], answer: @escaping @Sendable (String) -> (Int, String),
        _ body: @Sendable (String) async throws -> Void
    ) async throws -> [Asked] {
        let asked = Recorder<Asked>()
        let listening = AsyncStream<Int>.makeStream()
        let logger = Logger(label: "admin") { _ in SwiftLogNoOpLogHandler() }
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in
                let line = "\(request.method.rawValue) \(request.uri.path)"
                let body = String(buffer: try await request.body.collect(upTo: 1 << 16))
                asked.add(Asked(request: line, authorization: request.headers[.authorization], body: body))
                let (status, json) = answer(line)
                var fields: HTTPFields = [.contentType: "application/json"]
                for (name, value) in headers { fields[HTTPField.Name(name)!] = value }
                return Response(
                    status: .init(code: status), headers: fields,
                    body: .init(byteBuffer: .init(string: json)))
            },
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { listening.continuation.yield($0.localAddress?.port ?? 0) }, logger: logger)
        let group = ServiceGroup(configuration: .init(services: [application], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await port in listening.stream {
                try await body("http://127.0.0.1:\(port)")
                break
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        return asked.all
    }
}
