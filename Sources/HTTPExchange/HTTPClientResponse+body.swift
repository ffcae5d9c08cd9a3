package import AsyncHTTPClient
package import NIOCore
import NIOHTTP1

extension HTTPClientResponse {
    /// Reads the body until a point in time: the client's own deadline ends with the head. It is the only way in which
    /// Intake reads what others send, so that neither their pace nor their length is theirs to choose.
    /// - Returns: all of it, or its first `limit` bytes and that there was more; then the connection is given up, so
    ///   that no more is sent.
    /// - Throws: `HTTPClientError.deadlineExceeded`, or what became of the connection.
    package func body(
        upTo limit: Int, until deadline: NIODeadline
    ) async throws -> (bytes: [UInt8], isCut: Bool) {
        // Many answers have no body, and then no clock is needed: its end came with the head.
        if status == .noContent || headers.first(name: "content-length") == "0" {
            for try await _ in body {}
            return ([], false)
        }
        // The body and the clock, side by side, and whichever ends first cancels the other.
        return try await withThrowingTaskGroup(of: (bytes: [UInt8], isCut: Bool).self) { group in
            group.addTask {
                var bytes: [UInt8] = []
                for try await part in body {
                    let room = limit - bytes.count
                    bytes.append(contentsOf: part.readableBytesView.prefix(room))
                    if part.readableBytes > room { return (bytes, true) }
                }
                return (bytes, false)
            }
            group.addTask {
                let left = deadline - .now()
                try await Task.sleep(for: .nanoseconds(max(0, left.nanoseconds)))
                throw HTTPClientError.deadlineExceeded
            }
            defer { group.cancelAll() }
            return try await group.next() ?? ([], false)
        }
    }
}
