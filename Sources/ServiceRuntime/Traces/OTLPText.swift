import Contracts
import Tracing

/// Spans as the OpenTelemetry protocol writes them in JSON
/// (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): ids in hexadecimal, 64-bit numbers as text.
enum OTLPText {
    static func bytes(_ spans: [EndedSpan], of identity: ProcessIdentity) -> [UInt8] {
        var text = JSONObjectText()
        text.beginArray("resourceSpans")
        text.beginElement()
        text.beginObject("resource")
        add(
            [
                "service.name": "intake-\(identity.name)", "service.version": "\(identity.version)",
                "host.name": "\(identity.host)",
            ], to: &text)
        text.endObject()
        text.beginArray("scopeSpans")
        text.beginElement()
        text.beginObject("scope")
        text.add("name", "intake")
        text.add("version", identity.version)
        text.endObject()
        text.beginArray("spans")
        for span in spans { add(span, to: &text) }
        text.endArray()
        text.endObject()
        text.endArray()
        text.endObject()
        text.endArray()
        return text.bytes()
    }

    private static func add(_ span: EndedSpan, to text: inout JSONObjectText) {
        text.beginElement()
        text.add("traceId", span.place.traceID.hex)
        text.add("spanId", TraceParent.hex(span.place.spanID))
        text.add("parentSpanId", span.parent.map(TraceParent.hex))
        text.add("flags", 1)
        text.add("name", span.name)
        text.add("kind", number(span.kind))
        text.add("startTimeUnixNano", String(span.startedAt))
        text.add("endTimeUnixNano", String(span.endedAt))
        add(span.attributes, to: &text)
        if !span.events.isEmpty {
            text.beginArray("events")
            for event in span.events {
                text.beginElement()
                text.add("timeUnixNano", String(event.nanosecondsSinceEpoch))
                text.add("name", event.name)
                add(event.attributes, to: &text)
                text.endObject()
            }
            text.endArray()
        }
        if let status = span.status {
            text.beginObject("status")
            text.add("code", status.code == .ok ? 1 : 2)
            text.add("message", status.message)
            text.endObject()
        }
        text.endObject()
    }

    /// By name, so that the same span is always the same text.
    private static func add(_ attributes: SpanAttributes, to text: inout JSONObjectText) {
        var all: [(name: String, value: SpanAttribute)] = []
        attributes.forEach { all.append(($0, $1)) }
        guard !all.isEmpty else { return }
        text.beginArray("attributes")
        for (name, value) in all.sorted(by: { $0.name < $1.name }) {
            text.beginElement()
            text.add("key", name)
            text.beginObject("value")
            switch value {
            case .int32(let number): text.add("intValue", String(number))
            case .int64(let number): text.add("intValue", String(number))
            case .bool(let flag): text.add("boolValue", flag)
            case .string(let value): text.add("stringValue", value)
            case .stringConvertible(let value): text.add("stringValue", "\(value)")
            default: text.add("stringValue", "\(value)")
            }
            text.endObject()
            text.endObject()
        }
        text.endArray()
    }

    private static func number(_ kind: SpanKind) -> Int {
        switch kind {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }
}
