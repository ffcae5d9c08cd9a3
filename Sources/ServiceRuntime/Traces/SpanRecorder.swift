package import Contracts
package import Tracing

/// Makes the spans of a process, and hands those that have ended to the export.
///
/// Which traces are recorded is told where they begin, and holds for all services: by the caller where a request brings
/// a `traceparent`, else for one of so many, by the trace's id (OpenTelemetry's parent-based sampler over the ratio's,
/// https://opentelemetry.io/docs/specs/otel/trace/sdk/#parentbased).
package final class SpanRecorder: Tracer {
    package typealias Span = RecordedSpan

    let ended: EndedSpans
    private let oneIn: Int

    /// - Parameter oneIn: of so many traces that begin here one is recorded.
    init(_ ended: EndedSpans, oneIn: Int) {
        self.ended = ended
        self.oneIn = oneIn
    }

    /// - Parameter parent: what it stands below; without one a trace begins.
    package func span(
        _ name: String, _ kind: SpanKind, below parent: TraceParent?, _ attributes: SpanAttributes = [:],
        startedAt: UInt64 = DefaultTracerClock.now.nanosecondsSinceEpoch
    ) -> RecordedSpan {
        let place: TraceParent
        if let parent {
            place = TraceParent(
                traceID: parent.traceID, spanID: .random(in: 1 ... .max), isSampled: parent.isSampled)
        } else {
            var root = TraceParent.new(isSampled: false)
            root.isSampled = root.traceID.low.isMultiple(of: UInt64(oneIn))
            place = root
        }
        return RecordedSpan(
            name, kind, place, parent: parent?.spanID, attributes, startedAt: startedAt, recorder: self)
    }

    // MARK: Tracer

    package func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> InstrumentationContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> RecordedSpan {
        span(operationName, kind, below: context().traceParent, startedAt: instant().nanosecondsSinceEpoch)
    }

    /// The export sends by itself what has ended.
    package func forceFlush() {}

    package func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        let header = extractor.extract(key: EventMessage.Header.traceParent, from: carrier)
        if let place = header.flatMap(TraceParent.init) { context.traceParent = place }
    }

    package func inject<Carrier, Inject: Injector>(
        _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let place = context.traceParent else { return }
        injector.inject(place.header, forKey: EventMessage.Header.traceParent, into: &carrier)
    }
}

extension InstrumentationContext {
    private enum PlaceKey: InstrumentationContextKey { typealias Value = TraceParent }

    /// Where in its trace something happens.
    package var traceParent: TraceParent? {
        get { self[PlaceKey.self] }
        set { self[PlaceKey.self] = newValue }
    }
}
