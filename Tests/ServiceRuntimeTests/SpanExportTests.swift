import Contracts
import Foundation
import Logging
import ServiceLifecycle
import ServiceLifecycleTestKit
import TestSupport
import Testing
import Tracing

@testable import ServiceRuntime

/// Over real loopback sockets.
@Suite(.timeLimit(.minutes(2))) struct SpanExportTests {
    private static let parent = TraceParent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")

    private static var quick: SpanExport.Limits {
        var limits = SpanExport.Limits()
        limits.pace = .milliseconds(1)
        limits.firstWait = .milliseconds(1)
        return limits
    }

    /// Runs an export beside the body, and stops it as a process does.
    /// - Returns: what is counted at the end.
    @discardableResult
    private func exporting(
        to collector: SpanCollector, limits: SpanExport.Limits = quick, authorization: String? = nil,
        _ body: @escaping @Sendable (SpanRecorder) async throws -> Void
    ) async throws -> [String: Int] {
        let registry = PrometheusRegistry()
        try await collector.serving { url in
            let spans = EndedSpans(limit: limits.waiting, metrics: registry)
            let export = SpanExport(
                spans: spans, settings: TraceSettings(url: url, authorization: authorization.map(Secret.init)),
                identity: ProcessIdentity(name: "test"), logger: Logger.silent, limits: limits)
            try await testGracefulShutdown { trigger in
                async let run: Void = export.run()
                try await body(SpanRecorder(spans, oneIn: 1))
                trigger.triggerGracefulShutdown()
                try await run
            }
        }
        return registry.outcomes
    }

    @Test func aSpanIsWrittenAsTheProtocolSays() async throws {
        let collector = SpanCollector()
        let counts = try await exporting(to: collector, authorization: "Bearer s3cret") { recorder in
            let span = recorder.span("process q", .consumer, below: Self.parent, ["n": 7])
            span.set("text", "a \"quoted\" one")
            span.fail("http-503")
            span.fail("another")
            let child = span.span("POST", .client)
            child.end()
            span.end()
            span.end()
            span.set("late", "nobody reads it")
            try await eventually("both are there") { collector.spans.count == 2 }
            let spans = collector.spans
            let root = try #require(spans.first { $0.name == "process q" })
            #expect(root.service == "intake-test")
            #expect(root.traceID == "4bf92f3577b34da6a3ce929d0e0e4736" && root.parent == "00f067aa0ba902b7")
            #expect(root.kind == 5 && root.isError)
            #expect(root.attributes == ["n": "7", "text": "a \"quoted\" one", "error.type": "http-503"])
            #expect(root.startedAt > 1_600_000_000_000_000_000 && root.endedAt >= root.startedAt)
            let client = try #require(spans.first { $0.name == "POST" })
            #expect(client.parent == root.spanID && client.traceID == root.traceID && client.kind == 3)
            #expect(client.spanID != root.spanID && !client.isError)
        }
        let request = try #require(collector.requests.first)
        #expect(request.line == "POST /v1/traces HTTP/1.1" || request.line == "POST / HTTP/1.1")
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["authorization"] == "Bearer s3cret")
        #expect(counts == ["exported": 2, "dropped": 0, "refused": 0])
    }

    @Test func whatDoesNotFitIsDroppedAndCountedAndNobodyWaits() async throws {
        var limits = Self.quick
        limits.waiting = 3
        // It looks only when the process stops.
        limits.pace = .seconds(3600)
        let collector = SpanCollector()
        let counts = try await exporting(to: collector, limits: limits) { recorder in
            for number in 1...5 { recorder.span("\(number)", .internal, below: Self.parent).end() }
        }
        #expect(collector.spans.map(\.name) == ["1", "2", "3"])
        #expect(counts == ["exported": 3, "dropped": 2, "refused": 0])
    }

    @Test func batchesHaveABound() async throws {
        var limits = Self.quick
        limits.batch = 2
        limits.pace = .seconds(3600)
        let collector = SpanCollector()
        try await exporting(to: collector, limits: limits) { recorder in
            for number in 1...5 { recorder.span("\(number)", .internal, below: Self.parent).end() }
        }
        #expect(collector.requests.count == 3)
        #expect(collector.spans.map(\.name) == ["1", "2", "3", "4", "5"])
    }

    @Test func aCollectorThatIsAwayIsAskedAgain() async throws {
        let collector = SpanCollector(answers: ["503 Busy", "429 Slowly", "502 Bad Gateway"])
        let counts = try await exporting(to: collector) { recorder in
            recorder.span("one", .internal, below: Self.parent).end()
            try await eventually("it is taken") { !collector.spans.isEmpty }
        }
        #expect(collector.requests.count == 4)
        #expect(counts == ["exported": 1, "dropped": 0, "refused": 0])
    }

    @Test func aCollectorThatStaysAwayIsGivenUp() async throws {
        var limits = Self.quick
        limits.attempts = 3
        let collector = SpanCollector(answers: Array(repeating: "503 Busy", count: 3))
        let counts = try await exporting(to: collector, limits: limits) { recorder in
            recorder.span("lost", .internal, below: Self.parent).end()
            try await eventually("it was asked three times") { collector.requests.count == 3 }
            recorder.span("next", .internal, below: Self.parent).end()
            try await eventually("the next is taken") { !collector.spans.isEmpty }
        }
        #expect(collector.spans.map(\.name) == ["next"])
        #expect(counts == ["exported": 1, "dropped": 0, "refused": 1])
    }

    @Test func whatIsRefusedIsNotSentAgain() async throws {
        let collector = SpanCollector(answers: ["400 Bad Request"])
        let counts = try await exporting(to: collector) { recorder in
            recorder.span("bad", .internal, below: Self.parent).end()
            try await eventually("it is refused") { collector.requests.count == 1 }
            recorder.span("good", .internal, below: Self.parent).end()
            try await eventually("the next is taken") { !collector.spans.isEmpty }
        }
        #expect(collector.spans.map(\.name) == ["good"])
        #expect(counts == ["exported": 1, "dropped": 0, "refused": 1])
    }

    /// Nothing of a trace that nobody samples is kept, and what it causes is sampled by nobody either.
    @Test func whatIsNotSampledLeavesNothing() async throws {
        let collector = SpanCollector()
        let counts = try await exporting(to: collector) { recorder in
            let quiet = TraceParent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")
            let span = recorder.span("quiet", .server, below: quiet)
            #expect(!span.isRecording && !span.span("below", .client).place.isSampled)
            span.end()
        }
        #expect(collector.requests.isEmpty && counts == ["exported": 0, "dropped": 0, "refused": 0])
    }

    @Test func oneOfSoManyTracesIsSampled() {
        let all = SpanRecorder(EndedSpans(limit: 1), oneIn: 1)
        #expect((1...100).allSatisfy { _ in all.span("root", .server, below: nil).place.isSampled })
        let tenth = SpanRecorder(EndedSpans(limit: 1), oneIn: 10)
        let sampled = (1...10_000).count { _ in tenth.span("root", .server, below: nil).place.isSampled }
        #expect((800...1200).contains(sampled))
    }

    /// What other libraries have instrumented joins in.
    @Test func itIsATracer() async throws {
        struct Headers: Extractor, Injector {
            func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
            func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) {
                carrier[key] = value
            }
        }
        let collector = SpanCollector()
        try await exporting(to: collector) { recorder in
            var context = InstrumentationContext.topLevel
            recorder.extract(["traceparent": Self.parent?.header ?? ""], into: &context, using: Headers())
            let span = recorder.startSpan("outer", context: context, ofKind: .server)
            var carrier: [String: String] = [:]
            recorder.inject(span.context, into: &carrier, using: Headers())
            #expect(carrier == ["traceparent": span.place.header])
            struct Trouble: Error { var secret = "s3cret" }
            span.recordError(Trouble())
            span.end()
            try await eventually("it is there") { !collector.spans.isEmpty }
            #expect(collector.spans[0].parent == "00f067aa0ba902b7" && collector.spans[0].isError)
            #expect(collector.requests.allSatisfy { !$0.body.contains("s3cret") })
        }
    }
}

extension PrometheusRegistry {
    /// The counter of spans by its label.
    fileprivate var outcomes: [String: Int] {
        var outcomes: [String: Int] = [:]
        for match in render().matches(of: /intake_trace_spans_total\{outcome="([a-z]+)"\} (\d+)/) {
            outcomes[String(match.1)] = Int(match.2)
        }
        return outcomes
    }
}
