package import Contracts
import Tracing

/// What happens to messages, under the names of OpenTelemetry's conventions for messaging
/// (https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/).
extension SpanRecorder {
    /// A message is published.
    /// - Returns: `nil` when its trace is not sampled.
    package func sending(_ message: EventMessage, to exchange: String) -> RecordedSpan? {
        guard let place = message.sampledPlace else { return nil }
        var attributes = Self.attributes(of: message, operation: "send", place: exchange)
        attributes["messaging.rabbitmq.destination.routing_key"] = message.routingKey
        return span("send \(exchange)", .producer, below: place, attributes)
    }

    /// A stage has a message in hand.
    /// - Returns: `nil` when its trace is not sampled.
    func processing(_ work: StageWork, _ queue: String) -> RecordedSpan? {
        guard let place = work.received.message.sampledPlace else { return nil }
        var attributes = Self.attributes(of: work.received.message, operation: "process", place: queue)
        if work.failedAttempts > 0 { attributes["intake.attempt"] = work.failedAttempts + 1 }
        return span("process \(queue)", .consumer, below: place, attributes)
    }

    private static func attributes(
        of message: EventMessage, operation: String, place: String
    ) -> SpanAttributes {
        var attributes: SpanAttributes = [
            "messaging.system": "rabbitmq", "messaging.operation.type": .string(operation),
            "messaging.destination.name": .string(place),
        ]
        if let type = message.type { attributes["intake.event"] = type.rawValue }
        if let id = message.id { attributes["messaging.message.id"] = id.canonical }
        if let request = message.requestID { attributes["intake.request.id"] = request.description }
        return attributes
    }
}

extension EventMessage {
    /// `nil` unless somebody records its trace.
    fileprivate var sampledPlace: TraceParent? {
        guard let place = traceParent.flatMap(TraceParent.init), place.isSampled else { return nil }
        return place
    }
}

extension RecordedSpan {
    /// Somebody else is asked over HTTP: a span below this one.
    package func asking(_ method: String, _ host: String) -> RecordedSpan {
        span(method, .client, ["http.request.method": .string(method), "server.address": .string(host)])
    }

    func end(_ outcome: StageMetrics.Outcome) {
        set("intake.outcome", outcome.rawValue)
        end()
    }
}
