import Foundation
import Synchronization

/// Takes spans as a collector of OpenTelemetry's does: OTLP over HTTP, as JSON.
package final class SpanCollector: Sendable {
    package struct Span: Sendable, Equatable {
        package var service: String
        package var traceID: String
        package var spanID: String
        package var parent: String?
        package var name: String
        package var kind: Int
        package var attributes: [String: String]
        package var isError: Bool
        /// Nanoseconds since 1970.
        package var startedAt: UInt64
        package var endedAt: UInt64
    }

    private struct State {
        var requests: [TestConnection.Request] = []
        var spans: [Span] = []
        var answers: [String]
    }

    private let state: Mutex<State>

    /// - Parameter answers: to the first batches; those behind them are taken.
    package init(answers: [String] = []) { state = Mutex(State(answers: answers)) }

    /// Those of the batches that were taken.
    package var spans: [Span] { state.withLock { $0.spans } }
    /// All batches that came.
    package var requests: [TestConnection.Request] { state.withLock { $0.requests } }

    /// Serves while `body` runs.
    package func serving(_ body: @escaping @Sendable (_ url: String) async throws -> Void) async throws {
        try await TestServer.serving { connection in
            while let request = try await connection.request() {
                try await connection.answer(self.take(request), headers: ["Content-Type: application/json"], body: "{}")
            }
        } _: { server in
            try await body(server.url)
        }
    }

    private func take(_ request: TestConnection.Request) -> String {
        state.withLock { state in
            state.requests.append(request)
            let answer = state.answers.isEmpty ? "200 OK" : state.answers.removeFirst()
            if answer.hasPrefix("2") { state.spans += Self.spans(Data(request.body.utf8)) }
            return answer
        }
    }

    // MARK: What is read

    private struct Batch: Decodable {
        struct Resource: Decodable {
            struct Origin: Decodable { var attributes: [Attribute] }
            struct Scope: Decodable { var spans: [Entry] }
            var resource: Origin
            var scopeSpans: [Scope]
        }
        struct Attribute: Decodable {
            struct Value: Decodable {
                var stringValue: String?
                var intValue: String?
            }
            var key: String
            var value: Value
        }
        struct Entry: Decodable {
            struct Status: Decodable { var code: Int }
            var traceId: String
            var spanId: String
            var parentSpanId: String?
            var name: String
            var kind: Int
            var startTimeUnixNano: String
            var endTimeUnixNano: String
            var attributes: [Attribute]?
            var status: Status?
        }
        var resourceSpans: [Resource]
    }

    private static func spans(_ body: Data) -> [Span] {
        guard let batch = try? JSONDecoder().decode(Batch.self, from: body) else { return [] }
        return batch.resourceSpans.flatMap { resource in
            let service = values(resource.resource.attributes)["service.name"] ?? ""
            return resource.scopeSpans.flatMap(\.spans).map { entry in
                Span(
                    service: service, traceID: entry.traceId, spanID: entry.spanId, parent: entry.parentSpanId,
                    name: entry.name, kind: entry.kind, attributes: values(entry.attributes ?? []),
                    isError: entry.status?.code == 2, startedAt: UInt64(entry.startTimeUnixNano) ?? 0,
                    endedAt: UInt64(entry.endTimeUnixNano) ?? 0)
            }
        }
    }

    private static func values(_ attributes: [Batch.Attribute]) -> [String: String] {
        Dictionary(attributes.map { ($0.key, $0.value.stringValue ?? $0.value.intValue ?? "") }) { first, _ in first }
    }
}
