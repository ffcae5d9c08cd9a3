package import Contracts
import Synchronization
package import Tracing

/// Something that took time in a trace. One of a trace that is not sampled has a place, and leaves nothing behind.
package final class RecordedSpan: Tracing.Span {
    private struct State {
        var name: String
        var attributes: SpanAttributes
        var status: SpanStatus?
        var events: [SpanEvent] = []
        var hasEnded = false
    }

    /// Where in its trace it is; what it causes stands below.
    package let place: TraceParent
    private let parent: UInt64?
    private let kind: SpanKind
    private let startedAt: UInt64
    private let recorder: SpanRecorder
    private let state: Mutex<State>

    /// More tell nothing that the first did not.
    private static let mostEvents = 16

    init(
        _ name: String, _ kind: SpanKind, _ place: TraceParent, parent: UInt64?, _ attributes: SpanAttributes,
        startedAt: UInt64, recorder: SpanRecorder
    ) {
        self.place = place
        self.parent = parent
        self.kind = kind
        self.startedAt = startedAt
        self.recorder = recorder
        state = Mutex(State(name: name, attributes: attributes))
    }

    /// One below it.
    package func span(_ name: String, _ kind: SpanKind, _ attributes: SpanAttributes = [:]) -> RecordedSpan {
        recorder.span(name, kind, below: place, attributes)
    }

    // MARK: Span

    package var context: InstrumentationContext {
        var context = InstrumentationContext.topLevel
        context.traceParent = place
        return context
    }

    package var operationName: String {
        get { state.withLock { $0.name } }
        set { change { $0.name = newValue } }
    }

    package var attributes: SpanAttributes {
        get { state.withLock { $0.attributes } }
        set { change { $0.attributes = newValue } }
    }

    package var isRecording: Bool { place.isSampled && state.withLock { !$0.hasEnded } }

    package func setStatus(_ status: SpanStatus) { change { $0.status = status } }

    package func addEvent(_ event: SpanEvent) {
        change { if $0.events.count < Self.mostEvents { $0.events.append(event) } }
    }

    package func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        // What an error says of itself may hold what is nobody's business.
        fail("\(type(of: error))")
    }

    /// A trace is a tree here: nothing has two causes.
    package func addLink(_ link: SpanLink) {}

    package func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        guard place.isSampled else { return }
        let end = instant().nanosecondsSinceEpoch
        let ended = state.withLock { state -> EndedSpan? in
            guard !state.hasEnded else { return nil }
            state.hasEnded = true
            return EndedSpan(
                place: place, parent: parent, name: state.name, kind: kind, startedAt: startedAt,
                // The clock may have been set back meanwhile.
                endedAt: max(startedAt, end), attributes: state.attributes, status: state.status,
                events: state.events)
        }
        if let ended { recorder.ended.add(ended) }
    }

    private func change(_ change: (inout State) -> Void) {
        guard place.isSampled else { return }
        state.withLock { if !$0.hasEnded { change(&$0) } }
    }
}

extension RecordedSpan {
    /// Says that it went wrong. A second time counts for nothing.
    /// - Parameter code: what class of error it was; holds nothing personal.
    package func fail(_ code: String) {
        change { state in
            guard state.status == nil else { return }
            state.status = SpanStatus(code: .error)
            state.attributes["error.type"] = code
        }
    }

    func fail(_ error: StageError) { fail(error.code) }

    package func end() { end(at: DefaultTracerClock.now) }

    package func set(_ name: String, _ value: some SpanAttributeConvertible) {
        change { $0.attributes[name] = value }
    }
}

/// What is left of a span when it is over.
struct EndedSpan: Sendable {
    var place: TraceParent
    var parent: UInt64?
    var name: String
    var kind: SpanKind
    /// Nanoseconds since 1970.
    var startedAt: UInt64
    var endedAt: UInt64
    var attributes: SpanAttributes
    var status: SpanStatus?
    var events: [SpanEvent] = []
}
