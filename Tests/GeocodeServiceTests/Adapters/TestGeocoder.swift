import NIOCore
import TestSupport

/// A geocoder on the loopback that does with each question what a test says. A connection is good for one question.
enum TestGeocoder {
    /// The way back to whoever asked.
    struct Outbound: Sendable {
        fileprivate let connection: TestConnection

        /// Returns when the system has taken all of it.
        func write(_ bytes: ByteBuffer) async throws { try await connection.write(bytes) }

        func send(_ text: String) async throws { try await connection.send(text) }

        /// A whole answer.
        func answer(status: String = "200 OK", headers: [String] = [], _ body: String = "") async throws {
            try await connection.answer(status, headers: ["Connection: close"] + headers, body: body)
        }
    }

    /// Serves while `body` runs. A connection is closed when `behaviour` returns.
    static func serving(
        _ behaviour: @escaping @Sendable (TestConnection.Request, Outbound) async throws -> Void,
        _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        try await TestServer.serving(
            { connection in
                guard let request = try await connection.request() else { return }
                try await behaviour(request, Outbound(connection: connection))
            }, body)
    }
}
