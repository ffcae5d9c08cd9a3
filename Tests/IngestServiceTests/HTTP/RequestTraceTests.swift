import Contracts
import Foundation
import HTTPListener
import HTTPTypes
import Testing
import Tracing

@testable import IngestService
@testable import ServiceRuntime

/// The spans of requests to the API.
@Suite struct RequestTraceTests {
    /// Posts a request under a `traceparent`.
    /// - Returns: what became of the event's place and of the spans.
    private func post(_ traceParent: String?, oneIn: Int = 1) async throws -> (place: TraceParent, spans: [EndedSpan]) {
        let spans = EndedSpans(limit: 10)
        let place = try await withSQLiteStore { store, _ in
            try await APIHarness.with(store, spans: SpanRecorder(spans, oneIn: oneIn)) { api in
                let headers: HTTPFields = traceParent.map { [.traceParent: $0] } ?? [:]
                #expect(try await api.post(try Fixture.json(), headers: headers).status == 202)
                return try #require(api.handedOver.entries.first?.message.traceParent.flatMap(TraceParent.init))
            }
        }
        return (place, spans.take(10))
    }

    @Test func whatASampledCallerCausesStandsBelowTheRequestsSpan() async throws {
        let (place, spans) = try await post(Fixture.traceParent)
        let caller = try #require(TraceParent(Fixture.traceParent))
        #expect(spans.count == 1 && spans.first?.place == place)
        #expect(place.traceID == caller.traceID && place.spanID != caller.spanID && place.isSampled)
        let span = try #require(spans.first)
        #expect(span.name == "POST /api/requests" && span.kind == .server && span.parent == caller.spanID)
        #expect(span.attributes.get("http.route") == .string("/api/requests"))
        #expect(span.attributes.get("http.request.method") == .string("POST"))
        #expect(span.attributes.get("http.response.status_code") == .int64(202))
        #expect(span.status == nil)
    }

    @Test func aTraceBeginsWhereNobodyHasBegunOne() async throws {
        for header in [nil, "nonsense"] {
            let (place, spans) = try await post(header)
            #expect(spans.count == 1 && spans.first?.place == place && spans.first?.parent == nil)
        }
    }

    @Test func whatIsNotSampledGoesOnAsItCame() async throws {
        let quiet = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"
        let (place, spans) = try await post(quiet)
        #expect(place.header == quiet && spans.isEmpty)
        let (own, none) = try await post(nil, oneIn: 1_000_000)
        #expect(!own.isSampled && none.isEmpty)
    }

    /// Clients look again and again, which begins no trace; in the caller's own it is shown.
    ///
    /// A path names somebody, and a client's methods and paths are without number: neither goes into a name.
    @Test func namesAreTheRoutes() async throws {
        let spans = EndedSpans(limit: 10)
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store, spans: SpanRecorder(spans, oneIn: 1)) { api in
                let id = try #require(try await api.post(try Fixture.json()).id)
                _ = try await api.get("/api/jobs/\(id)")
                let sampled: HTTPFields = [.traceParent: Fixture.traceParent]
                _ = try await api.get("/api/jobs/\(id)", headers: sampled)
                _ = try await api.get("/somewhere/else", headers: sampled)
                _ = try await api.send(try #require(HTTPRequest.Method("BREW")), "/api/jobs/\(id)")
            }
        }
        #expect(spans.take(10).map(\.name) == ["POST /api/requests", "GET /api/jobs/{id}", "GET", "_OTHER"])
    }
}
