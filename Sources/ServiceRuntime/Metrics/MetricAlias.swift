import Contracts

/// Another name for a metric: the same numbers, under the name and the labels that a convention has for them. It is
/// made when somebody asks for the metrics, so that nothing is counted twice.
struct MetricAlias: Sendable {
    typealias Labels = [(name: String, value: String)]

    /// The metric's own name.
    let source: String
    let name: String
    /// From its own labels to the convention's.
    let labels: @Sendable (Labels) -> Labels

    /// OpenTelemetry's for messaging (https://opentelemetry.io/docs/specs/semconv/messaging/messaging-metrics/), spelt
    /// as Prometheus spells them. Those for HTTP are recorded under their names alone.
    static func openTelemetry(_ topology: Topology) -> [MetricAlias] {
        func connection(_ operation: String, error: String? = nil) -> @Sendable (Labels) -> Labels {
            { own in
                var labels =
                    own + [
                        ("messaging_operation_name", operation), ("messaging_system", "rabbitmq"),
                    ]
                if let error { labels.append(("error_type", error)) }
                return labels
            }
        }
        return [
            MetricAlias(
                source: "amqp_publishes_confirmed_total", name: "messaging_client_sent_messages_total",
                labels: connection("publish")),
            MetricAlias(
                source: "amqp_publishes_refused_total", name: "messaging_client_sent_messages_total",
                labels: connection("publish", error: "refused")),
            MetricAlias(
                source: "amqp_publishes_unroutable_total", name: "messaging_client_sent_messages_total",
                labels: connection("publish", error: "unroutable")),
            MetricAlias(
                source: "amqp_deliveries_total", name: "messaging_client_consumed_messages_total",
                labels: connection("deliver")),
            MetricAlias(
                source: "intake_stage_duration_seconds", name: "messaging_process_duration_seconds",
                labels: { own in
                    let stage = own.first { $0.name == "stage" }.flatMap { Stage(rawValue: $0.value) }
                    return [
                        ("messaging_destination_name", stage.map(topology.queue) ?? "unknown"),
                        ("messaging_operation_name", "process"), ("messaging_operation_type", "process"),
                        ("messaging_system", "rabbitmq"),
                    ]
                }),
        ]
    }
}
