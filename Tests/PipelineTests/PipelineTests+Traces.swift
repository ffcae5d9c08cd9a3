import Contracts
import TestSupport
import Testing

extension PipelineTests {
    /// One request is one trace, from the POST through every message to the partner.
    @Test
    func aRequestIsOneTrace() async throws {
        let collector = SpanCollector()
        try await collector.serving { url in
            try await Pipeline.run(traces: url) { pipeline in
                let job = try await pipeline.api.submit(.covered("traced"))
                try await pipeline.awaitTold(["traced"])
                try await pipeline.awaitCompleted([job])
                let spans = try await eventually("all spans are there", processes: await pipeline.processes) {
                    let ofPost = collector.spans.first { $0.name == "POST /api/requests" }?.traceID
                    let spans = collector.spans.filter { $0.traceID == ofPost }
                    // The endpoint's recovery is told with the first receipt.
                    return spans.count >= 10 ? spans : nil
                }
                let prefix = pipeline.topology.prefix
                #expect(
                    Self.tree(of: spans, prefix: prefix) == """
                        ingest POST /api/requests
                          ingest send events (request.accepted)
                            geocode process geocode (request.accepted)
                              decision process decision (request.geocoded)
                                callback process callback.\(Pipeline.provider) (request.decided)
                                  callback POST
                                  ingest process progress (callback.delivered)
                                  ingest process progress (callback.endpoint.recovered)
                                ingest process progress (request.decided)
                              ingest process progress (request.geocoded)
                        """)
                #expect(spans.allSatisfy { !$0.isError && $0.endedAt >= $0.startedAt })
                let call = try #require(spans.first { $0.name == "POST" })
                let told = try #require(await pipeline.partner.callbacks["traced"]?.first)
                #expect(told.traceParent == "00-\(call.traceID)-\(call.spanID)-01")
            }
        }
    }

    /// Each below its cause, siblings by name and event.
    private static func tree(of spans: [SpanCollector.Span], prefix: String) -> String {
        let byParent = Dictionary(grouping: spans) { $0.parent ?? "" }
        func line(_ span: SpanCollector.Span) -> String {
            let event = span.attributes["intake.event"].map { " (\($0))" } ?? ""
            let name = span.name.replacing("\(prefix).", with: "")
            return "\(span.service.dropFirst("intake-".count)) \(name)\(event)"
        }
        func lines(below parent: String, _ depth: Int) -> [String] {
            (byParent[parent] ?? []).map { (line($0), $0) }.sorted { $0.0 < $1.0 }.flatMap { text, span in
                [String(repeating: "  ", count: depth) + text] + lines(below: span.spanID, depth + 1)
            }
        }
        return lines(below: "", 0).joined(separator: "\n")
    }
}
