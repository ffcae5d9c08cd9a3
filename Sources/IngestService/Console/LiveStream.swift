import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
import Synchronization

/// What moves on a page, as it changes (WHATWG HTML, "Server-sent events").
///
/// A comment now and then keeps proxies from ending what is silent; whoever was cut off comes back by themselves. Each
/// stream ends with its session, and with the service; nothing is counted while nobody looks.
final class LiveStream: Sendable {
    /// How many look at once.
    private static let most = 32
    /// How often the values are looked at, and how many times nothing is said before a comment is.
    private static let pause = Duration.seconds(1)
    private static let silence = 14

    private let count = Mutex(0)

    /// - Parameter values: by the names of their places on the page; `nil` ends the stream.
    /// - Throws: `Problem` when too many look already.
    func response(_ values: @escaping @Sendable () async throws -> [String: String]?) throws(Problem) -> Response {
        guard enter() else {
            throw Problem(
                status: .serviceUnavailable, code: "too-many-streams", detail: "Too many look at this page already.",
                headers: [.retryAfter: "30"])
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
                // nginx would gather what is to come at once.
                HTTPField.Name("X-Accel-Buffering")!: "no",
            ],
            body: ResponseBody { [self] writer in
                defer { leave() }
                try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
                try await send(values, to: &writer)
                try await writer.finish(nil)
            })
    }

    private func send(
        _ values: @Sendable () async throws -> [String: String]?, to writer: inout any ResponseBodyWriter
    ) async throws {
        var last: [UInt8] = []
        var silent = 0
        while !Task.isShuttingDownGracefully, let values = try await values() {
            let json = try WireJSON.bytes(values)
            silent += 1
            if json != last {
                try await writer.write(
                    ByteBuffer(string: "event: values\ndata: \(String(decoding: json, as: UTF8.self))\n\n"))
                (last, silent) = (json, 0)
            } else if silent >= Self.silence {
                try await writer.write(ByteBuffer(string: ": still here\n\n"))
                silent = 0
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    private func enter() -> Bool {
        count.withLock { count in
            guard count < Self.most else { return false }
            count += 1
            return true
        }
    }

    private func leave() { count.withLock { $0 -= 1 } }
}
